import t from 'tap';

import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { CMS, KP } from '../../pki/oid.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { DEFAULT_ALGORITHM_POLICY } from '../../validation/algorithm-policy.ts';
import type { ValidationPolicy } from '../../validation/policy.ts';
import type { ValidationReport } from '../../validation/report.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder, ValidationOverrides } from '../support/fixture-deployment.ts';
import { crlEntry, fixtureCa, fixtureCrl, fixtureLeaf } from '../support/fixture-path.ts';
import {
  STAMPING_EXTENSIONS,
  archiveStamp,
  foreignStamper,
  revocationValuesAttribute,
  signFreely,
  signatureStamp,
  stamp,
  withUnsigned,
} from '../support/fixture-stamps.ts';
import type { FreeSignature, StampOptions, Stamper } from '../support/fixture-stamps.ts';
import { memorySigner } from '../support/memory-signer.ts';

// What time stamps prove, and what they do not. Times are seconds from noon; the clock stands at 1000 unless a test moves it.

const content = Buffer.from('Rp. Amoxicillin 500 mg');
const deployment = await FixtureDeployment.create();
const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const LATER = new Date('2027-06-15T12:00:00Z');
const PASSED = { indication: 'TOTAL-PASSED', cryptographic: 'PASSED' };

const own: Stamper = {
  ...(await deployment.issue(memorySigner(), { extensions: STAMPING_EXTENSIONS })),
  issuer: deployment.bronze,
};
const foreign = await foreignStamper('Time Root');
const trust = new TrustStore({
  anchors: [deployment.root.certificate],
  intermediates: [deployment.bronze.certificate],
  timeStampAnchors: [foreign.issuer.certificate],
});

t.beforeEach(() => deployment.clock.set(at(1000)));

t.test('the time of a token is the proof', async (t) => {
  const doctor = await deployment.issue();
  const report = await deployment.validate(await stamped(doctor, own, 10));
  t.match(report, PASSED);
  t.same(report.reasons, []);
  t.match(report.proofOfExistence, { source: 'validation-time' }, 'of the document nothing else is known');
  t.match(report.signatures[0], {
    level: { reached: 'B-T', missing: { level: 'B-LT' } },
    bestSignatureTime: { at: at(10).toISOString(), source: 'time-stamp' },
    timeStamps: [
      {
        kind: 'signature',
        indication: 'TOTAL-PASSED',
        genTime: at(10).toISOString(),
        provenAt: at(1000).toISOString(),
        policy: '2.999.1',
        authority: { subject: /Mina/ },
        issuers: ['C=IR, CN=Fixture Bronze CA', 'C=IR, CN=Fixture Root CA'],
      },
    ],
  });
});

t.test('the earlier of receipt and time stamp counts', async (t) => {
  const doctor = await deployment.issue();
  const signature = await stamped(doctor, own, 10);
  const receivedBefore = await deployment.validate(signature, { receivedAt: at(5) });
  t.match(receivedBefore.signatures[0].bestSignatureTime, {
    at: at(5).toISOString(),
    source: 'receipt-time',
  });
  const receivedAfter = await deployment.validate(signature, { receivedAt: at(50) });
  t.match(receivedAfter.signatures[0].bestSignatureTime, { at: at(10).toISOString(), source: 'time-stamp' });
});

t.test(
  'a token may run ahead of our clock by its accuracy, and proves nothing that is to come',
  async (t) => {
    const doctor = await deployment.issue();
    const ahead = await stamped(doctor, own, 1001, { fields: { accuracyMilliseconds: 1000 } });
    const report = await deployment.validate(ahead);
    t.match(report, PASSED);
    t.match(report.signatures[0], {
      level: { reached: 'B-T' },
      bestSignatureTime: { at: at(1000).toISOString(), source: 'validation-time' },
    });
    const further = await stamped(doctor, own, 1001, { fields: { accuracyMilliseconds: 999 } });
    t.match(await deployment.validate(further), { reasons: [{ code: 'time-stamp-not-counted' }] });
  },
);

t.test('a revocation counts from its second on', async (t) => {
  const doctor = await deployment.issue();
  deployment.record(doctor.certificate, { event: 'revoked', effectiveAt: at(100), reason: 'keyCompromise' });
  const verdicts = await Promise.all(
    [99, 100, 101].map(async (seconds) => deployment.validate(await stamped(doctor, own, seconds))),
  );
  t.match(verdicts[0], { ...PASSED, reasons: [{ code: 'revoked-after-proof', text: /time-stamped/ }] });
  for (const late of verdicts.slice(1))
    t.match(late, { indication: 'TOTAL-FAILED', subIndication: 'REVOKED' });
  const unstamped = await deployment.validate(await sign(doctor));
  t.match(unstamped, { subIndication: 'REVOKED_NO_POE' });
});

t.test('a hold stays history, unless the content was stamped after it', async (t) => {
  const doctor = await deployment.issue();
  deployment.record(doctor.certificate, { event: 'held', effectiveAt: at(100), reason: 'certificateHold' });
  deployment.record(doctor.certificate, { event: 'released', effectiveAt: at(200) });
  const timeless = (seconds: number, contentSeconds?: number) =>
    stamped(doctor, own, seconds, { signingTime: undefined, contentSeconds });
  t.match(await deployment.validate(await timeless(150)), { subIndication: 'REVOKED' });
  t.match(await deployment.validate(await timeless(250)), {
    reasons: [{ code: 'signed-during-hold-not-excluded' }],
  });
  t.match(await deployment.validate(await timeless(250, 199)), { subIndication: 'REVOKED_NO_POE' });
  t.match(await deployment.validate(await timeless(250, 200)), PASSED);
  t.match(await deployment.validate(await timeless(99)), { ...PASSED });
});

t.test('outlives the certificate of the signer', async (t) => {
  const doctor = await deployment.issue();
  deployment.clock.set(LATER);
  t.match(await deployment.validate(await sign(doctor)), { subIndication: 'OUT_OF_BOUNDS_NO_POE' });
  const signature = await stamped(doctor, foreign, 10);
  t.match(await deployment.validate(signature, { trust }), {
    indication: 'INDETERMINATE',
    signatures: [{ timeStamps: [{ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' }] }],
  });
  const withStatus = withUnsigned(signature, revocationValuesAttribute([foreign.crl!]));
  t.match(await deployment.validate(withStatus, { trust }), PASSED);
  t.match(
    await deployment.validate(withStatus),
    { subIndication: 'OUT_OF_BOUNDS_NO_POE' },
    'nobody trusts it',
  );
});

t.test('counts no time stamp that does not hold', async (t) => {
  const doctor = await deployment.issue();
  deployment.record(doctor.certificate, { event: 'revoked', effectiveAt: at(100), reason: 'superseded' });
  const expected = async (
    name: string,
    code: string,
    stamper: Stamper,
    seconds = 10,
    options: StampOptions = {},
  ) => {
    const report = await deployment.validate(await stamped(doctor, stamper, seconds, options), { trust });
    t.match(report, { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' }, name);
    t.ok(
      report.reasons.some((reason) => reason.code === 'time-stamp-not-counted'),
      name,
    );
    const codes = report.signatures[0].timeStamps[0].reasons.map((reason) => reason.code);
    t.ok(codes.includes(code as never), `${name}: ${codes.join(' ')}`);
    t.equal(report.signatures[0].level.reached, 'B-B', name);
  };
  const unit = async (overrides: object) => ({
    ...(await deployment.issue(memorySigner(), { extensions: STAMPING_EXTENSIONS, ...overrides })),
    issuer: deployment.bronze,
  });
  await expected('another imprint', 'time-stamp-imprint-differs', own, 10, {
    fields: { hash: digest('sha256', Buffer.from('another')) },
  });
  await expected('tomorrow', 'time-stamp-in-future', own, 1001);
  await expected('a signer of documents', 'time-stamp-purpose-differs', {
    ...doctor,
    issuer: deployment.bronze,
  });
  const usage = [STAMPING_EXTENSIONS[0]];
  const twice = extendedKeyUsageExtension([KP.timeStamping, KP.emailProtection], true);
  await expected('two purposes', 'time-stamp-purpose-differs', await unit({ extensions: [...usage, twice] }));
  const lax = extendedKeyUsageExtension([KP.timeStamping]);
  await expected('not critical', 'time-stamp-purpose-differs', await unit({ extensions: [...usage, lax] }));
  const young = await unit({ notBefore: at(11) });
  await expected('before its certificate', 'certificate-not-yet-valid', young);
  const old = await unit({ notAfter: at(999) });
  await expected('its certificate has expired since', 'certificate-expired', old);
  const revoked = await unit({});
  deployment.record(revoked.certificate, { event: 'revoked', effectiveAt: at(500), reason: 'keyCompromise' });
  await expected('its certificate was revoked since', 'certificate-revoked-no-proof', revoked);
  await expected('of nobody we know', 'chain-not-found', await foreignStamper('Unknown'));
  await expected('without a status', 'status-unavailable', foreign);
  const stranger = { ...own, signer: memorySigner() };
  await expected('by another key', 'signature-wrong', stranger);
});

t.test('finds the certificate of a token that brings none', async (t) => {
  const doctor = await deployment.issue();
  const signature = await sign(doctor, { chain: [own.certificate] });
  const attribute = await signatureStamp(signature, own, at(10), { withCertificates: false });
  t.match(await deployment.validate(withUnsigned(signature, attribute)), {
    ...PASSED,
    signatures: [{ level: { reached: 'B-T' } }],
  });
});

t.test('an archive time stamp keeps the earlier ones alive', async (t) => {
  const doctor = await deployment.issue();
  const brief = await foreignStamper('Brief Time', { notAfter: at(500) });
  const both = new TrustStore({
    anchors: [deployment.root.certificate],
    intermediates: [deployment.bronze.certificate],
    timeStampAnchors: [foreign.issuer.certificate, brief.issuer.certificate],
  });
  const crls = revocationValuesAttribute([foreign.crl!, brief.crl!]);
  const lt = withUnsigned(await stamped(doctor, brief, 10), crls);
  deployment.clock.set(LATER);
  t.match(await deployment.validate(lt, { trust: both }), { subIndication: 'OUT_OF_BOUNDS_NO_POE' });
  const lta = withUnsigned(lt, await archiveStamp(lt, foreign, at(400)));
  const report = await deployment.validate(lta, { trust: both });
  t.match(report, PASSED);
  t.match(report.signatures[0].bestSignatureTime, { at: at(10).toISOString() });
  t.match(report.signatures[0].timeStamps, [
    { kind: 'signature', indication: 'TOTAL-PASSED', provenAt: at(400).toISOString() },
    { kind: 'archive', indication: 'TOTAL-PASSED', provenAt: LATER.toISOString() },
  ]);
  t.ok(report.signatures[0].proofs.length >= 4, 'certificates, CRLs and the earlier token');
  const tooLate = withUnsigned(lt, await archiveStamp(lt, foreign, at(501)));
  t.match(await deployment.validate(tooLate, { trust: both }), {
    ...PASSED,
    signatures: [{ bestSignatureTime: { at: at(501).toISOString() } }],
  });
});

t.test('an archive time stamp breaks with what it covers', async (t) => {
  const doctor = await deployment.issue();
  const signature = await stamped(doctor, own, 10);
  const archived = withUnsigned(signature, await archiveStamp(signature, own, at(20)));
  t.match(await deployment.validate(archived), {
    ...PASSED,
    signatures: [{ timeStamps: [{ indication: 'TOTAL-PASSED' }, { indication: 'TOTAL-PASSED' }] }],
  });
  const more = withUnsigned(archived, revocationValuesAttribute([]));
  t.match(
    await deployment.validate(more),
    {
      signatures: [{ timeStamps: [{}, { indication: 'TOTAL-PASSED' }] }],
    },
    'what is added later does not matter',
  );
  const missing = withUnsigned(await stamped(doctor, own, 10), await archiveStamp(archived, own, at(20)));
  t.match(await deployment.validate(missing), {
    signatures: [{ timeStamps: [{}, { reasons: [{ code: 'time-stamp-imprint-differs' }] }] }],
  });
});

t.test('time stamps that contradict each other leave the signature open', async (t) => {
  const doctor = await deployment.issue();
  const disordered = { indication: 'INDETERMINATE', subIndication: 'TIMESTAMP_ORDER_FAILURE' };
  const late = await stamped(doctor, own, 10, { contentSeconds: 11 });
  t.match(await deployment.validate(late), disordered, 'the content after the signature');
  t.match(await deployment.validate(await stamped(doctor, own, 10, { contentSeconds: 10 })), PASSED);
  const lax = { contentSeconds: 11, fields: { accuracyMilliseconds: 600 } };
  t.match(await deployment.validate(await stamped(doctor, own, 10, lax)), PASSED, 'within their accuracy');
  const signature = await stamped(doctor, own, 10);
  const early = withUnsigned(signature, await archiveStamp(signature, own, at(9)));
  t.match(await deployment.validate(early), disordered, 'an archive before what it covers');
});

t.test('algorithms that aged are judged as of then', async (t) => {
  const doctor = await deployment.issue();
  const digests = [{ name: 'sha256', until: at(500) }, { name: 'sha512' }] as const;
  const algorithms = { ...DEFAULT_ALGORITHM_POLICY, digests: [...digests] };
  const policy = { ...deployment.policy, algorithms };
  const signature = await stamped(doctor, own, 10);
  const aged = { indication: 'INDETERMINATE', subIndication: 'CRYPTO_CONSTRAINTS_FAILURE' };
  t.match(await deployment.validate(signature, { policy }), aged, 'the time stamp aged with it');
  const strong: Stamper = {
    ...(await deployment.issue(memorySigner(undefined, 'ecdsa-sha512'), { extensions: STAMPING_EXTENSIONS })),
    issuer: deployment.bronze,
  };
  const keep = {
    ...policy,
    algorithms: { ...algorithms, digests: [...digests, { name: 'sha256' as const }] },
  };
  t.match(await deployment.validate(signature, { policy: keep }), PASSED);
  const archived = withUnsigned(
    signature,
    await archiveStamp(signature, strong, at(400), { digestName: 'sha512' }),
  );
  const report = await deployment.validate(archived, { policy });
  // The path of the archiving authority is itself signed with SHA-256: that ends at 500 for everybody.
  t.match(report.signatures[0].timeStamps[1], { reasons: [{ code: 'algorithm-too-weak', text: /path/ }] });
});

t.test('statuses that aged with their algorithm count with a proof that they are older', async (t) => {
  const digests = [{ name: 'sha256' as const, until: at(500) }, { name: 'sha512' as const }];
  const policy = { ...deployment.policy, algorithms: { ...DEFAULT_ALGORITHM_POLICY, digests } };
  const strong = () => memorySigner(undefined, 'ecdsa-sha512');
  const stamper = await foreignStamper('Strong Time', { signer: strong() }, strong());
  const root = await fixtureCa('Foreign Root');
  const extensions = [...(await deployment.issue()).certificate.extensions.values()].slice(0, 4);
  const signer = await fixtureLeaf(root, { extensions });
  const crl = await fixtureCrl(root);
  const anchors = { anchors: [root.certificate], intermediates: [] };
  const both = new TrustStore({ ...anchors, timeStampAnchors: [stamper.issuer.certificate] });
  const bare = await sign(signer);
  const stampAttribute = await signatureStamp(bare, stamper, at(10), { digestName: 'sha512' });
  const lt = withUnsigned(bare, stampAttribute, revocationValuesAttribute([crl.bytes, stamper.crl!]));
  const validate = (bytes: Buffer) => deployment.validate(bytes, { trust: both, policy });
  t.match(await validate(lt), { indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
  const archive = (seconds: number) => archiveStamp(lt, stamper, at(seconds), { digestName: 'sha512' });
  t.match(await validate(withUnsigned(lt, await archive(500))), PASSED);
  t.match(await validate(withUnsigned(lt, await archive(501))), { subIndication: 'TRY_LATER' });
  deployment.clock.set(at(499));
  t.match(await validate(lt), PASSED, 'while the algorithm was good');
});

t.test('what a CA issued counts after its revocation only with a proof', async (t) => {
  const root = await fixtureCa('Foreign Root');
  const ca = await fixtureCa('Foreign CA', root);
  const signer = await fixtureLeaf(ca, {
    extensions: [...(await deployment.issue()).certificate.extensions.values()].slice(0, 4),
  });
  const anchors = {
    anchors: [root.certificate],
    intermediates: [],
    timeStampAnchors: [foreign.issuer.certificate],
  };
  const foreignTrust = new TrustStore(anchors);
  const revokedCa = await fixtureCrl(root, {
    entries: [crlEntry(ca.certificate, { revokedAt: at(500), reason: 'keyCompromise' })],
  });
  const caCrl = await fixtureCrl(ca);
  const signature = await signCades({ content, ...signer, chain: [ca.certificate], signingTime: NOON });
  const stampAttribute = await signatureStamp(signature, foreign, at(10));
  const values = revocationValuesAttribute([revokedCa.bytes, caCrl.bytes, foreign.crl!]);
  const lt = withUnsigned(signature, stampAttribute, values);
  const validate = (bytes: Buffer, overrides: ValidationOverrides = {}) =>
    deployment.validate(bytes, { trust: foreignTrust, ...overrides });
  t.match(
    await validate(lt),
    { indication: 'INDETERMINATE', subIndication: 'TRY_LATER' },
    'its CRL may be forged',
  );
  const lta = withUnsigned(lt, await archiveStamp(lt, foreign, at(400)));
  t.match(await validate(lta), PASSED, 'the CRL is older than the revocation');
  const tooLate = withUnsigned(lt, await archiveStamp(lt, foreign, at(501)));
  t.match(await validate(tooLate), { subIndication: 'TRY_LATER' });
  t.match(await validate(lta, { receivedAt: at(5) }), PASSED, 'the relying party answers for its receipt');
  const after = withUnsigned(signature, await signatureStamp(signature, foreign, at(600)), values);
  t.match(await validate(after), { subIndication: 'REVOKED_CA_NO_POE' });
});

t.test(
  'where the policy wants it, statuses that have aged count with a proof that they are older',
  async (t) => {
    const root = await fixtureCa('Foreign Root');
    const ca = await fixtureCa('Foreign CA', root);
    const signer = await fixtureLeaf(ca, {
      extensions: [...(await deployment.issue()).certificate.extensions.values()].slice(0, 4),
    });
    const foreignTrust = new TrustStore({
      anchors: [root.certificate],
      intermediates: [],
      timeStampAnchors: [foreign.issuer.certificate],
    });
    const slides: ValidationPolicy = { ...deployment.policy, staleStatuses: 'slide' };
    const crl = async (issuer: Holder, made: number, until = 60) =>
      (await fixtureCrl(issuer, { thisUpdate: at(made), nextUpdate: at(until) })).bytes;
    const made = async (of: { stampedAt: number; leafCrl: Buffer; archivedAt?: number; caCrl: Buffer }) => {
      const bare = await signCades({ content, ...signer, chain: [ca.certificate], signingTime: NOON });
      const lt = withUnsigned(
        bare,
        await signatureStamp(bare, foreign, at(of.stampedAt)),
        revocationValuesAttribute([of.leafCrl, foreign.crl!]),
      );
      const lta =
        of.archivedAt === undefined
          ? lt
          : withUnsigned(lt, await archiveStamp(lt, foreign, at(of.archivedAt)));
      return withUnsigned(lta, revocationValuesAttribute([of.caCrl]));
    };
    const validate = (bytes: Buffer, policy = slides) =>
      deployment.validate(bytes, { trust: foreignTrust, policy });
    const archived = await made({
      stampedAt: 10,
      leafCrl: await crl(ca, 20),
      archivedAt: 30,
      caCrl: await crl(root, 40),
    });
    t.match(await validate(archived), PASSED, 'each status was stamped before the one above it was made');
    const unarchived = await made({ stampedAt: 10, leafCrl: await crl(ca, 20), caCrl: await crl(root, 40) });
    t.match(await validate(unarchived), { subIndication: 'TRY_LATER' }, 'the status could be forged');
    t.match(await validate(unarchived, deployment.policy), PASSED, 'as shipped it is believed');
    const late = await made({
      stampedAt: 25,
      leafCrl: await crl(ca, 20, 35),
      archivedAt: 30,
      caCrl: await crl(root, 40),
    });
    t.match(
      await validate(late),
      { subIndication: 'TRY_LATER' },
      'signed after its last status, which has aged',
    );
    const early = await made({
      stampedAt: 15,
      leafCrl: await crl(ca, 20, 35),
      archivedAt: 30,
      caCrl: await crl(root, 40),
    });
    t.match(await validate(early), PASSED);
  },
);

t.test('never passes a document for a bit that is flipped in a token', async (t) => {
  const doctor = await deployment.issue();
  deployment.record(doctor.certificate, { event: 'revoked', effectiveAt: at(100), reason: 'superseded' });
  const bare = await sign(doctor);
  const token = await signatureStamp(bare, own, at(10));
  t.match(await deployment.validate(withUnsigned(bare, token)), PASSED);
  let passed = 0;
  for (let index = 20; index < token.length; index += 3) {
    const copy = Buffer.from(token);
    copy[index] ^= 0x10;
    const report = await outcome(withUnsigned(bare, copy));
    if (report?.indication !== 'TOTAL-PASSED') continue;
    passed += 1;
    // Unsigned octets of the token: versions, a digest list, certificates that are not needed.
    t.equal(report.signatures[0].bestSignatureTime.at, at(10).toISOString());
  }
  t.ok(passed < 20, `${passed} changes had no meaning`);
});

async function outcome(bytes: Buffer): Promise<ValidationReport | undefined> {
  try {
    return await deployment.validate(bytes);
  } catch (cause) {
    t.match(cause, { code: 'cms-malformed' });
    return undefined;
  }
}

interface SignOptions extends StampOptions {
  signingTime?: Date | undefined;
  contentSeconds?: number | undefined;
}

function sign(holder: Holder, more: Partial<FreeSignature> = {}): Promise<Buffer> {
  return signFreely({ content, holder, signingTime: NOON, ...more });
}

/** A signature with a time stamp over it, and one over its content when that is said. */
async function stamped(
  doctor: Holder,
  stamper: Stamper,
  seconds: number,
  { contentSeconds, ...options }: SignOptions = {},
): Promise<Buffer> {
  const attributes =
    contentSeconds === undefined
      ? []
      : [
          encodeAttribute(
            CMS.contentTimeStamp,
            await stamp(stamper, digest('sha256', content), at(contentSeconds), options),
          ),
        ];
  const signing = 'signingTime' in options ? { signingTime: options.signingTime } : {};
  const signature = await sign(doctor, { ...signing, attributes });
  return withUnsigned(signature, await signatureStamp(signature, stamper, at(seconds), options));
}
