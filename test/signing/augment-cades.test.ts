import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as asn1js from 'asn1js';
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import t from 'tap';
import type { Test } from 'tap';

import type { Certificate } from '../../pki/certificate.ts';
import { valuesOf } from '../../pki/cms/attribute.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { augmentCades } from '../../signing/cades/augment-cades.ts';
import type { CadesAugmentation } from '../../signing/cades/augment-cades.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { checkedTimeStamper } from '../../signing/checked-time-stamper.ts';
import { SIGNATURE_LEVELS } from '../../signing/signature-level.ts';
import { SigningError } from '../../signing/signing-error.ts';
import type { SignatureLevel, ValidationMaterial } from '../../signing/signature-level.ts';
import { readCades } from '../../validation/cades/read-cades.ts';
import { fixtureAuthority } from '../support/fixture-authority.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { opensslSign, signerFiles } from '../support/openssl-signatures.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const content = Buffer.alloc(9_000, 'Rp. Amoxicillin 500 mg\r\n');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const { tsa, authority } = await fixtureAuthority();

/** A CRL and an OCSP response in form only: what they say is the business of whoever gathers them. */
const material: ValidationMaterial = {
  certificates: [deployment.bronze.certificate.bytes],
  crls: [asn1.sequence(asn1.sequence(asn1.integer(1)), asn1.sequence(), asn1.bitString(Buffer.alloc(1)))],
  ocspResponses: [asn1.sequence(asn1.enumerated(0))],
};

const WITHOUT_CRL = { material: { materialFor: async () => ({ ...material, crls: [] }) } };

t.test('each level has what it asks for, and our reader finds it', async (t) => {
  let signature = await signed();
  for (const level of SIGNATURE_LEVELS) {
    signature = await augment(signature, level);
    const [presented] = readCades(inputOf(signature)).signatures;
    const kinds = presented.timeStamps.map(({ kind }) => kind);
    const height = SIGNATURE_LEVELS.indexOf(level);
    t.strictSame(
      kinds,
      ['signature', 'archive'].slice(0, Math.max(0, Math.min(height, 1) + Number(height === 3))),
    );
    t.same(
      presented.revocation.map(({ kind }) => kind),
      height >= 2 ? ['crl', 'ocsp-response'] : [],
    );
    assertImprints(t, signature, level);
    t.equal(presented.verify(doctor.certificate).verdict, 'PASSED');
  }
});

t.test('an archive time stamp covers all that was there', async (t) => {
  const signature = await augment(await signed(), 'B-LTA');
  const [{ timeStamps }] = readCades(inputOf(signature)).signatures;
  const { protects } = timeStamps.at(-1)!;
  const { certificates } = parseSignedData(signature);
  t.equal(protects!.certificates.length, certificates.length);
  t.same(protects!.revocation, [...material.crls, ...material.ocspResponses]);
  t.equal(protects!.timeStamps.length, 1);
  t.ok(
    certificates.some(({ bytes }) => bytes.equals(tsa.certificate.bytes)),
    "the authority's certificate too",
  );
});

t.test('stamps once more before an algorithm ages, and both stamps hold', async (t) => {
  const first = await augment(await signed(), 'B-LTA');
  const later = await fixtureAuthority();
  later.time.advance(10 * 365 * 86_400_000);
  const again = await augment(first, 'B-LTA', { digest: 'sha512', timeStamper: later.authority });
  const archive = readCades(inputOf(again)).signatures[0].timeStamps.filter(({ kind }) => kind === 'archive');
  t.equal(archive.length, 2);
  t.strictSame(
    archive.map(({ token }) => parseTimeStampToken(token).info.hash.length),
    [32, 64],
  );
  t.equal(archive[1].protects!.timeStamps.length, 2, 'the second covers the first');
  assertImprints(t, again, 'B-LTA again');
});

t.test('what is reached already is not added twice', async (t) => {
  const stamped = await augment(await signed(), 'B-T');
  t.same(await augment(stamped, 'B-T'), stamped);
  const long = await augment(stamped, 'B-LT');
  t.same(await augment(long, 'B-LT'), long);
  t.same(await augment(long, 'B-B'), long);
});

t.test('what openssl signs, streamed in BER, keeps its octets and is accepted by it', async (t) => {
  const cwd = t.testdir(signerFiles(doctor, deployment.bronze, content));
  writeFileSync(join(cwd, 'root.pem'), encodePem('CERTIFICATE', deployment.root.certificate.bytes));
  writeFileSync(join(cwd, 'content'), content);
  const cases = [
    ['-nodetach', '-cades'],
    ['-nodetach', '-stream', '-cades'],
    ['-nodetach', '-keyid'],
    ['-cades'],
  ];
  for (const options of cases) {
    const before = opensslSign(cwd, options);
    const detached = !options.includes('-nodetach');
    const after = await augment(before, 'B-LTA', detached ? { content } : {});
    const [was, is] = [before, after].map((bytes) => parseSignedData(bytes));
    t.same(is.signerInfos[0].signedFields, was.signerInfos[0].signedFields, options.join(' '));
    t.same(is.content, was.content);
    assertImprints(t, after, options.join(' '), detached ? content : undefined);
    // Programs that read CRLs want real ones.
    const readable = await augment(before, 'B-LTA', { ...WITHOUT_CRL, ...(detached ? { content } : {}) });
    writeFileSync(join(cwd, 'augmented.p7m'), readable);
    const verified = runOpenssl(
      [
        ...['cms', '-verify', '-inform', 'DER', '-in', 'augmented.p7m', '-binary', '-purpose', 'any'],
        ...['-CAfile', 'root.pem', '-attime', String(NOON.getTime() / 1000)],
        ...(detached ? ['-content', 'content'] : []),
      ],
      { cwd },
    );
    t.ok(verified.equals(content), options.join(' '));
  }
});

t.test('openssl ts verifies the token over the signature value', async (t) => {
  const signature = await augment(await signed(), 'B-T');
  const [signer] = parseSignedData(signature).signerInfos;
  const [token] = valuesOf(signer.unsignedAttributes, CMS.signatureTimeStamp);
  const cwd = t.testdir({ 'root.pem': encodePem('CERTIFICATE', tsa.root.certificate.bytes) });
  writeFileSync(join(cwd, 'token'), token);
  writeFileSync(join(cwd, 'value'), signer.signature);
  const said = runOpenssl(
    [
      ...['ts', '-verify', '-data', 'value', '-in', 'token', '-token_in', '-CAfile', 'root.pem'],
      ...['-attime', String(NOON.getTime() / 1000)],
    ],
    { cwd },
  );
  t.match(said.toString(), /Verification: OK/);
});

t.test('pkijs reads the highest level', async (t) => {
  const signature = await augment(await signed(), 'B-LTA', WITHOUT_CRL);
  const contentInfo = new pkijs.ContentInfo({ schema: asn1js.fromBER(signature).result });
  const read = new pkijs.SignedData({ schema: contentInfo.content as asn1js.Sequence });
  t.equal(read.version, 5, 'for it carries an OCSP response (RFC 5652 §5.1)');
  t.equal(read.crls?.length, 1);
  t.same(
    read.signerInfos[0].unsignedAttrs?.attributes.map(({ type }) => type),
    [CMS.signatureTimeStamp, CMS.archiveTimeStampV3],
  );
});

t.test('stamps every signer of several', async (t) => {
  const colleague = signerFiles(await deployment.issue(), deployment.bronze, content);
  const cwd = t.testdir({
    ...signerFiles(doctor, deployment.bronze, content),
    'key-2.pem': colleague['key.pem'],
    'certificate-2.pem': colleague['certificate.pem'],
  });
  const both = opensslSign(cwd, [
    '-nodetach',
    '-cades',
    '-signer',
    'certificate-2.pem',
    '-inkey',
    'key-2.pem',
  ]);
  const augmented = await augment(both, 'B-LTA');
  const { signatures } = readCades(inputOf(augmented));
  for (const { timeStamps } of signatures)
    t.strictSame(
      timeStamps.map(({ kind }) => kind),
      ['signature', 'archive'],
    );
  assertImprints(t, augmented, 'both');
});

t.test('stamps nothing that is no signature', async (t) => {
  const good = await signed();
  const forged = Buffer.from(good);
  forged[forged.indexOf('Amoxicillin')] ^= 1;
  const detached = await signed({ detached: true });
  const bare = await augmentable(doctor.certificate);
  const cases: [string, Buffer, Partial<CadesAugmentation>, string][] = [
    ['forged content', forged, {}, 'augmentation-not-possible'],
    ['no content', detached, {}, 'augmentation-not-possible'],
    ['other content', detached, { content: Buffer.from('other') }, 'augmentation-not-possible'],
    ['no certificate', bare, {}, 'augmentation-not-possible'],
    ['no CMS', Buffer.from('please'), {}, 'cms-malformed'],
  ];
  for (const [name, document, overrides, code] of cases)
    await t.rejects(augment(document, 'B-T', overrides), { code }, name);
});

t.test('a level that is not reached is not claimed', async (t) => {
  const gone = { materialFor: () => Promise.reject(new Error('no status')) };
  await t.rejects(augment(await signed(), 'B-LT', { material: gone }), { message: 'no status' });
  const other = { stamp: (name: DigestName) => authority.stamp(name, digest(name, Buffer.from('other'))) };
  const checked = checkedTimeStamper(other);
  await t.rejects(augment(await signed(), 'B-T', { timeStamper: checked }), { code: 'time-stamp-missing' });
  const noToken = checkedTimeStamper({ stamp: async () => Buffer.from('no token') });
  await t.rejects(augment(await signed(), 'B-T', { timeStamper: noToken }), { code: 'time-stamp-missing' });
  t.ok(await augment(await signed(), 'B-T', { timeStamper: checkedTimeStamper(authority) }));
});

t.test('changed octets are augmented or refused, and nothing else happens', async (t) => {
  const seed = await augment(await signed(), 'B-LTA');
  const change = fc.record({ at: fc.nat(seed.length - 1), octet: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const changed = Buffer.from(seed);
      for (const { at, octet } of changes) changed[at] = octet;
      try {
        const [was, is] = [changed, await augment(changed, 'B-LT')].map((bytes) => parseSignedData(bytes));
        return was.signerInfos[0].signedFields.equals(is.signerInfos[0].signedFields);
      } catch (error) {
        return error instanceof PkiError || error instanceof SigningError;
      }
    }),
    { numRuns: 300 },
  );
  t.pass('held in every run');
});

function augment(
  document: Buffer,
  level: SignatureLevel,
  overrides: Partial<CadesAugmentation> = {},
): Promise<Buffer> {
  const ports = { timeStamper: authority, material: { materialFor: async () => material } };
  return augmentCades(document, { level, ...ports, ...overrides });
}

function signed(overrides: { detached?: boolean } = {}): Promise<Buffer> {
  return signCades({ content, ...doctor, signingTime: NOON, ...overrides });
}

/** A signature that carries another's certificate only. */
async function augmentable(certificate: Certificate): Promise<Buffer> {
  const bytes = await signed();
  const other = (await deployment.issue()).certificate.bytes;
  const at = bytes.indexOf(certificate.bytes);
  return other.length === certificate.bytes.length
    ? Buffer.concat([bytes.subarray(0, at), other, bytes.subarray(at + other.length)])
    : augmentable(certificate);
}

function inputOf(signature: Buffer, detachedContent?: Buffer) {
  return {
    signature,
    signingCertificateReference: 'checked-if-present' as const,
    ...(detachedContent && { content: detachedContent }),
  };
}

/** Each token is over what the reader, written after the standard by somebody else, says that it has to be over. */
function assertImprints(t: Test, signature: Buffer, name: string, detachedContent?: Buffer): void {
  for (const { timeStamps } of readCades(inputOf(signature, detachedContent)).signatures)
    for (const { token, kind, imprint } of timeStamps) {
      const { hash } = parseTimeStampToken(token).info;
      const digestName = hash.length === 64 ? 'sha512' : 'sha256';
      t.same(hash, imprint(digestName), `${name}: ${kind}`);
    }
}
