import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';

import { encodeCertificatesOnly } from '../../pki/cms/encode-certificates-only.ts';
import { encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { DEFAULT_ALGORITHM_POLICY } from '../../validation/algorithm-policy.ts';
import type { ValidationPolicy } from '../../validation/policy.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';

const content = Buffer.from('{"docId":"0000112233","prescDate":"14050325"}');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const seconds = (count: number) => new Date(NOON.getTime() + count * 1000);

t.test('says who signed, as what, and that it holds', async (t) => {
  const report = await deployment.validate(await sign(doctor));
  t.match(report, {
    indication: 'TOTAL-PASSED',
    cryptographic: 'PASSED',
    policy: 'mohr-prescription-1',
    validatedAt: '2026-06-15T12:00:00.000Z',
    proofOfExistence: { at: '2026-06-15T12:00:00.000Z', source: 'validation-time' },
  });
  t.same(report.reasons, []);
  t.notOk('subIndication' in report);
  t.match(report.signatures[0], {
    indication: 'TOTAL-PASSED',
    format: 'CAdES',
    packaging: 'enveloping',
    algorithms: { digest: 'sha256', scheme: 'ecdsa' },
    claimedSigningTime: '2026-06-15T12:00:00.000Z',
    signer: {
      name: 'مینا رضایی',
      commonName: 'Mina Rezaei [Mobile Sign]',
      nationalIdMasked: '999*****01',
      councilNumber: '112233',
      profession: 'physician',
      professionTitles: ['پزشک'],
    },
    issuers: ['C=IR, CN=Fixture Bronze CA', 'C=IR, CN=Fixture Root CA'],
    status: { atProofOfExistence: { status: 'good' }, now: { status: 'good' } },
    rules: [
      { rule: 'non-repudiation', outcome: 'passed' },
      { rule: 'document-signing', outcome: 'passed' },
    ],
  });
});

t.test('shows the national id nowhere in full', async (t) => {
  const outsider = await FixtureDeployment.create();
  for (const report of [
    await deployment.validate(await sign(doctor)),
    await outsider.validate(await sign(doctor)),
  ]) {
    t.notMatch(JSON.stringify(report), /9990000001/);
  }
});

t.test('needs the document of a detached signature', async (t) => {
  const signature = await sign(doctor, { detached: true });
  t.match(await deployment.validate(signature), {
    indication: 'INDETERMINATE',
    subIndication: 'SIGNED_DATA_NOT_FOUND',
    cryptographic: 'NOT_CHECKED',
  });
  t.match(await deployment.validate(signature, { content }), { indication: 'TOTAL-PASSED' });
  t.match(await deployment.validate(signature, { content: Buffer.from('another') }), {
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
  });
});

t.test('says so when the document is not the enveloped one', async (t) => {
  const report = await deployment.validate(await sign(doctor), { content: Buffer.from('another') });
  t.match(report, { subIndication: 'HASH_FAILURE', cryptographic: 'FAILED' });
  t.match(report.reasons, [{ code: 'content-digest-differs' }, { code: 'content-differs-from-enveloped' }]);
});

t.test('has a format failure when nobody signed', async (t) => {
  const report = await deployment.validate(encodeCertificatesOnly([doctor.certificate.bytes]));
  t.match(report, {
    indication: 'TOTAL-FAILED',
    subIndication: 'FORMAT_FAILURE',
    cryptographic: 'NOT_CHECKED',
  });
});

t.test('reports no verdict on what is no signature', async (t) => {
  await t.rejects(deployment.validate(content), { code: 'cms-malformed' });
});

t.test('keeps the cryptographic verdict apart when the issuer is unknown', async (t) => {
  const stranger = await FixtureDeployment.create();
  const signature = await sign(doctor);
  t.match(await stranger.validate(signature), {
    indication: 'INDETERMINATE',
    subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    cryptographic: 'PASSED',
    reasons: [{ code: 'chain-not-found' }],
  });
  t.match(await stranger.validate(tampered(signature)), {
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
    cryptographic: 'FAILED',
  });
});

t.test('refuses a receipt that has not happened yet', async (t) => {
  const signature = await sign(doctor);
  await t.rejects(deployment.validate(signature, { receivedAt: seconds(1) }), {
    code: 'received-at-in-future',
  });
  t.match(await deployment.validate(signature, { receivedAt: NOON }), {
    indication: 'TOTAL-PASSED',
    proofOfExistence: { source: 'receipt-time' },
  });
});

t.test('finds algorithms too weak that the policy does not accept', async (t) => {
  const tooWeak = {
    indication: 'INDETERMINATE',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
    cryptographic: 'PASSED',
  };
  const algorithms = { ...DEFAULT_ALGORITHM_POLICY, digests: [{ name: 'sha384' }, { name: 'sha512' }] };
  const policy = { ...deployment.policy, algorithms } as ValidationPolicy;
  t.match(await deployment.validate(await sign(doctor), { policy }), {
    ...tooWeak,
    reasons: [{ code: 'algorithm-too-weak' }],
  });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const weak = await deployment.issue(memorySigner(rsa, 'rsa-sha256'));
  t.match(await deployment.validate(await sign(weak)), {
    ...tooWeak,
    reasons: [{ text: /1024 bits, at least 2048/ }],
  });
});

t.test('passes no signature of a key that is not meant to sign documents', async (t) => {
  const { extensions } = doctor.certificate;
  const usages = [...extensions.values()].filter(({ oid }) => oid === '2.5.29.19');
  const holder = await deployment.issue(memorySigner(), {
    extensions: [...usages, keyUsageExtension(['digitalSignature'])],
  });
  t.match(await deployment.validate(await sign(holder)), {
    indication: 'INDETERMINATE',
    subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    cryptographic: 'PASSED',
    reasons: [{ code: 'non-repudiation-missing' }],
    signatures: [{ rules: [{ outcome: 'failed' }, { outcome: 'not-applicable' }] }],
  });
});

t.test('judges several signers by the gravest verdict', async (t) => {
  const colleague = await deployment.issue();
  deployment.record(colleague.certificate, {
    event: 'revoked',
    effectiveAt: seconds(-60),
    reason: 'superseded',
  });
  const [first, second] = [parseSignedData(await sign(doctor)), parseSignedData(await sign(colleague))];
  const signerInfos = [first, second].map(({ signerInfos: [signer] }, index) => ({
    certificate: (index === 0 ? doctor : colleague).certificate,
    digestAlgorithm: signer.digestAlgorithm.bytes,
    signedAttributes: [signer.signedAttributes?.content ?? Buffer.alloc(0)],
    signatureAlgorithm: signer.signatureAlgorithm.bytes,
    signature: signer.signature,
  }));
  const certificates = [doctor.certificate.bytes, colleague.certificate.bytes];
  const report = await deployment.validate(encodeSignedData({ content, certificates, signerInfos }));
  t.match(report, { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE', cryptographic: 'PASSED' });
  t.same(report.signatures.map(({ indication }) => indication).toSorted(), ['INDETERMINATE', 'TOTAL-PASSED']);
});

function sign(holder: Holder, options: { detached?: boolean } = {}): Promise<Buffer> {
  const { signer, certificate } = holder;
  return signCades({
    content,
    signer,
    certificate,
    chain: [deployment.bronze.certificate],
    signingTime: NOON,
    ...options,
  });
}

function tampered(signature: Buffer): Buffer {
  const copy = Buffer.from(signature);
  copy[copy.indexOf(content) + 3] ^= 1;
  return copy;
}
