import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { loadValidationPolicy } from '../../cli/validation-policy-file.ts';
import { encodeAttribute } from '../../pki/cms/attribute.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { CMS } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { DEFAULT_ALGORITHM_POLICY } from '../../validation/algorithm-policy.ts';
import { parsePolicyFile, policyOfFile } from '../../validation/policy-file.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { fixtureCa, fixtureCrl, fixtureLeaf, hours } from '../support/fixture-path.ts';
import {
  foreignStamper,
  revocationValuesAttribute,
  signFreely,
  signatureStamp,
  withUnsigned,
} from '../support/fixture-stamps.ts';

// The constraints that a deployment sets by its file, each with what it does to a signature.

const content = Buffer.from('Rp. Ibuprofen 400 mg');
const arcs = { oidArc: '2.999.364.1', nationalPolicyArc: '2.16.364.101.1.1' };
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const foreign = await foreignStamper('Time Root');
const trust = new TrustStore({
  anchors: [deployment.root.certificate],
  intermediates: [deployment.bronze.certificate],
  timeStampAnchors: [foreign.issuer.certificate],
});
const plain = { id: 'ours', rules: { off: ['assurance-level'] } };
const seconds = (count: number) => new Date(NOON.getTime() + count * 1000);

t.test('a file with an id alone is as shipped', async (t) => {
  const policy = policyOf({ id: 'ours' });
  t.equal(policy.id, 'ours');
  t.same(policy.algorithms, DEFAULT_ALGORITHM_POLICY);
  t.equal(policy.signingCertificateReference, 'checked-if-present');
  t.same(
    policy.rules.map(({ id }) => id),
    [...new Set(policy.rules.map(({ id }) => id))],
  );
  t.ok(policy.rules.some(({ id }) => id === 'assurance-level'));
});

t.test('refuses what it does not know', async (t) => {
  const bad: unknown[] = [
    {},
    { id: '' },
    { id: 'x', stray: 1 },
    { id: 'x', requiredLevel: 'B-X' },
    { id: 'x', revocationFreshnessSeconds: -1 },
    { id: 'x', revocationFreshnessSeconds: '60' },
    { id: 'x', signingCertificateReference: 'optional' },
    { id: 'x', signaturePolicies: [1] },
    { id: 'x', claimedSigningTime: { require: true } },
    { id: 'x', claimedSigningTime: { required: 'yes' } },
    { id: 'x', claimedSigningTime: { laterThanProof: 'ignored' } },
    { id: 'x', rules: { off: ['non-repudiatoin'] } },
    { id: 'x', rules: { on: [] } },
    { id: 'x', rules: { assuranceLevelMin: 5 } },
    { id: 'x', rules: { prescribingProfessions: ['witch'] } },
    { id: 'x', algorithms: { id: 'y', digests: [{ name: 'md5' }], keys: [] } },
    [],
  ];
  for (const file of bad)
    t.throws(() => parsePolicyFile(JSON.stringify(file)), { code: 'validation-policy-malformed' });
  t.throws(() => parsePolicyFile('id: ours'), { code: 'validation-policy-malformed' });
});

t.test('loads the file and the anchors that it names', async (t) => {
  const folder = t.testdir({});
  t.equal(await loadValidationPolicy(folder), undefined);
  const write = (file: object) => writeFileSync(join(folder, 'validation-policy.json'), JSON.stringify(file));
  write({ id: 'x', timeStampAnchors: ['time.pem'] });
  await t.rejects(loadValidationPolicy(folder), { code: 'validation-policy-malformed' }, 'no such file');
  writeFileSync(join(folder, 'time.pem'), encodePem('CERTIFICATE', foreign.issuer.certificate.bytes));
  t.match(await loadValidationPolicy(folder), {
    file: { id: 'x' },
    timeStampAnchors: [{ bytes: foreign.issuer.certificate.bytes }],
  });
  write({ id: 'x', timeStampAnchors: ['../time.pem'] });
  await t.rejects(
    loadValidationPolicy(folder),
    { code: 'validation-policy-malformed' },
    'outside of the folder',
  );
});

t.test('asks for a level', async (t) => {
  const policy = policyOf({ ...plain, requiredLevel: 'B-T' });
  const signature = await sign(NOON);
  t.match(await deployment.validate(signature, { policy, trust }), {
    indication: 'INDETERMINATE',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
    reasons: [{ code: 'level-not-reached' }],
  });
  const withStamp = await stamped(signature, 0);
  t.match(await deployment.validate(withStamp, { policy, trust }), { indication: 'TOTAL-PASSED' });
});

t.test('judges the time that the signer claims', async (t) => {
  const policy = policyOf({
    ...plain,
    claimedSigningTime: { required: true, laterThanProof: 'refused', stampedWithinSeconds: 60 },
  });
  deployment.clock.set(hours(1));
  t.teardown(() => deployment.clock.set(NOON));
  const verdict = async (claimed: Date | undefined, stampSeconds: number) => {
    const signature = await stamped(await sign(claimed), stampSeconds);
    return (await deployment.validate(signature, { policy, trust })).reasons.map(({ code }) => code);
  };
  t.same(await verdict(NOON, 60), []);
  t.same(await verdict(NOON, 61), ['stamped-too-late']);
  t.same(await verdict(seconds(1), 0), ['signing-time-refused']);
  t.same(await verdict(undefined, 0), ['signing-time-missing']);
});

t.test('knows the signature policies that signers may refer to', async (t) => {
  const named = encodeAttribute(
    CMS.signaturePolicy,
    asn1.sequence(
      asn1.oid('2.999.7.1'),
      asn1.sequence(asn1.sequence(asn1.oid('2.16.840.1.101.3.4.2.1')), asn1.octetString(Buffer.alloc(32))),
    ),
  );
  const signature = await sign(NOON, [named]);
  const codes = async (file: object) => {
    const report = await deployment.validate(signature, { policy: policyOf({ ...plain, ...file }) });
    t.equal(report.signatures[0].signedProperties?.signaturePolicy, '2.999.7.1');
    return report.reasons.map(({ code }) => code);
  };
  t.same(await codes({}), []);
  t.same(await codes({ signaturePolicies: ['2.999.7.1'] }), []);
  t.same(await codes({ signaturePolicies: ['2.999.7.2'] }), ['signature-policy-unknown']);
});

t.test("limits the age of the last word on others' certificates", async (t) => {
  const root = await fixtureCa('Foreign Root');
  const extensions = [...doctor.certificate.extensions.values()].slice(0, 4);
  const signer = await fixtureLeaf(root, { extensions });
  const crl = await fixtureCrl(root, { thisUpdate: hours(-4) });
  const signature = withUnsigned(
    await signFreely({ content, holder: signer, signingTime: NOON }),
    revocationValuesAttribute([crl.bytes]),
  );
  const foreignTrust = new TrustStore({ anchors: [root.certificate], intermediates: [] });
  const verdict = (file: object) =>
    deployment.validate(signature, { trust: foreignTrust, policy: policyOf({ ...plain, ...file }) });
  t.match(await verdict({}), { indication: 'TOTAL-PASSED' });
  t.match(await verdict({ revocationFreshnessSeconds: 4 * 3600 }), { indication: 'TOTAL-PASSED' });
  t.match(await verdict({ revocationFreshnessSeconds: 4 * 3600 - 1 }), { subIndication: 'TRY_LATER' });
});

t.test('leaves rules out by their ids, and sets others', async (t) => {
  const ids = (rules: object) => policyOf({ id: 'x', rules }).rules.map(({ id }) => id);
  t.notOk(ids({ off: ['document-signing', 'prescription-date'] }).includes('prescription-date'));
  t.ok(ids({ off: [] }).includes('prescription-date'));
  const strict = policyOf({ id: 'x', rules: { assuranceLevelMin: 2, prescribingProfessions: ['dentist'] } });
  t.match(await deployment.validate(await sign(NOON), { policy: strict }), {
    reasons: [{ code: 'assurance-level-too-low' }],
  });
});

function policyOf(file: object) {
  return policyOfFile(parsePolicyFile(JSON.stringify(file)), arcs, DEFAULT_ALGORITHM_POLICY);
}

function sign(signingTime?: Date, attributes: Buffer[] = []): Promise<Buffer> {
  return signFreely({ content, holder: doctor, signingTime, attributes });
}

async function stamped(signature: Buffer, secondsLater: number): Promise<Buffer> {
  const attribute = await signatureStamp(signature, foreign, seconds(secondsLater));
  return withUnsigned(signature, attribute, revocationValuesAttribute([foreign.crl!]));
}
