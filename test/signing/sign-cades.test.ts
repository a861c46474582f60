import { createHash, createPublicKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';
import type { Test } from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { encodePem } from '../../pki/pem.ts';
import { CMS } from '../../pki/oid.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const content = Buffer.from('{"docId":"0000112233","note":"نسخهٔ آزمایشی"}\r\n');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

const ec25519 = generateKeyPairSync('ed25519').privateKey;

/** What each kind of key signs with; the readers named have no support for it. */
const keys: {
  name: string;
  key: typeof rsa;
  algorithm: SignatureAlgorithmName;
  unreadBy?: readonly string[];
}[] = [
  { name: 'P-256', key: ec('P-256'), algorithm: 'ecdsa-sha256' },
  { name: 'P-384', key: ec('P-384'), algorithm: 'ecdsa-sha384' },
  // WebCrypto, on which pkijs stands, has no brainpool curves.
  { name: 'brainpoolP256r1', key: ec('brainpoolP256r1'), algorithm: 'ecdsa-sha256', unreadBy: ['pkijs'] },
  { name: 'RSA PKCS#1', key: rsa, algorithm: 'rsa-sha256' },
  { name: 'RSA-PSS', key: rsa, algorithm: 'rsa-pss-sha256' },
  // OpenSSL 3.0 knows Ed25519 but not in CMS, pkijs not at all: the test below asks OpenSSL for the bare signature.
  { name: 'Ed25519', key: ec25519, algorithm: 'ed25519', unreadBy: ['openssl', 'pkijs'] },
];

const deployment = await FixtureDeployment.create();
// pkijs names the browser's type of Crypto, which is not in our library types.
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as never }));

for (const { name, key, algorithm, unreadBy = [] } of keys) {
  t.test(`signs CAdES with ${name}`, async (t) => {
    const doctor = await deployment.issue(memorySigner(key, algorithm));
    for (const detached of [false, true]) {
      const packaging = detached ? 'detached' : 'enveloping';
      const signature = await sign(doctor, { detached });
      const report = await deployment.validate(signature, detached ? { content } : {});
      t.match(
        report,
        { indication: 'TOTAL-PASSED', signatures: [{ format: 'CAdES', packaging }] },
        `ours, ${packaging}`,
      );
      if (!unreadBy.includes('openssl'))
        t.ok(opensslVerifies(t, signature, detached), `openssl, ${packaging}`);
      if (!unreadBy.includes('pkijs')) t.ok(await pkijsVerifies(signature, detached), `pkijs, ${packaging}`);
    }
  });
}

t.test('signs the DER encoding of the attributes with Ed25519, says openssl', async (t) => {
  const doctor = await deployment.issue(memorySigner(ec25519, 'ed25519'));
  const [signer] = parseSignedData(await sign(doctor, {})).signerInfos;
  const cwd = t.testdir({
    'attributes.der': asn1.element(TAG.set, signer.signedAttributes?.content ?? Buffer.alloc(0)),
    'signature.bin': signer.signature,
    'key.pem': createPublicKey(ec25519).export({ type: 'spki', format: 'pem' }),
  });
  const files = ['-pubin', '-inkey', 'key.pem', '-in', 'attributes.der', '-sigfile', 'signature.bin'];
  t.match(
    runOpenssl(['pkeyutl', '-verify', '-rawin', ...files], { cwd }).toString(),
    'Verified Successfully',
  );
});

t.test('writes what level B-B asks for, in DER', async (t) => {
  const doctor = await deployment.issue();
  const signature = await sign(doctor, { mimeType: 'application/json' });
  const [signer] = parseSignedData(signature).signerInfos;
  const types = signer.signedAttributes?.list.map(({ type }) => type) ?? [];
  const expected = [
    CMS.contentType,
    CMS.messageDigest,
    CMS.signingTime,
    CMS.signingCertificateV2,
    CMS.mimeType,
  ];
  t.same(types.toSorted(), expected.toSorted());
  const encodings = signer.signedAttributes?.list.map(({ values }) => values.length);
  t.same(encodings, [1, 1, 1, 1, 1]);
  const sha256 = createHash('sha256').update(doctor.certificate.bytes).digest('hex');
  const reference = signer.signedAttributes?.list.find(({ type }) => type === CMS.signingCertificateV2)
    ?.values[0];
  t.equal(reference?.toString('hex'), `3026302430220420${sha256}`, 'the default hash algorithm is left out');
  t.equal(parseSignedData(signature).certificates.length, 2, "the signer's and the issuing CA's");
});

t.test('leaves the signing time out when none is given', async (t) => {
  const doctor = await deployment.issue();
  const signature = await signCades({ content, signer: doctor.signer, certificate: doctor.certificate });
  const [signer] = parseSignedData(signature).signerInfos;
  t.notOk(signer.signedAttributes?.list.some(({ type }) => type === CMS.signingTime));
  t.match(await deployment.validate(signature), { indication: 'TOTAL-PASSED' });
});

t.test('refuses a certificate of another key', async (t) => {
  const doctor = await deployment.issue();
  const request = { content, signer: memorySigner(), certificate: doctor.certificate };
  await t.rejects(signCades(request), { code: 'signer-certificate-mismatch' });
});

t.test('passes on what the signer rejects with', async (t) => {
  const doctor = await deployment.issue();
  const signer = { ...doctor.signer, sign: () => Promise.reject(new Error('card removed')) };
  await t.rejects(signCades({ content, signer, certificate: doctor.certificate }), {
    message: 'card removed',
  });
});

function sign(doctor: Holder, options: { detached?: boolean; mimeType?: string }): Promise<Buffer> {
  const { signer, certificate } = doctor;
  return signCades({
    content,
    signer,
    certificate,
    chain: [deployment.bronze.certificate],
    signingTime: NOON,
    ...options,
  });
}

function opensslVerifies(t: Test, signature: Buffer, detached: boolean): boolean {
  const cwd = t.testdir({
    'content.bin': content,
    'root.pem': encodePem('CERTIFICATE', deployment.root.certificate.bytes),
  });
  writeFileSync(join(cwd, 'signature.p7m'), signature);
  const out = runOpenssl(
    [
      ...['cms', '-verify', '-inform', 'DER', '-in', 'signature.p7m', '-binary', '-cades', '-purpose', 'any'],
      ...['-CAfile', 'root.pem', '-attime', String(NOON.getTime() / 1000)],
      ...(detached ? ['-content', 'content.bin'] : []),
    ],
    { cwd },
  );
  return out.equals(content);
}

async function pkijsVerifies(signature: Buffer, detached: boolean): Promise<boolean> {
  const contentInfo = new pkijs.ContentInfo({ schema: fromBER(signature).result });
  const signedData = new pkijs.SignedData({ schema: contentInfo.content });
  return signedData.verify({
    signer: 0,
    checkChain: false,
    ...(detached && { data: new Uint8Array(content).buffer }),
  });
}
