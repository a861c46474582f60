import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import 'reflect-metadata';
import { X509Crl } from '@peculiar/x509';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import { buildCertificateList, signCertificateList } from '../../ca/crl/sign-certificate-list.ts';
import { signInParts } from '../../keys/sign-in-parts.ts';
import { encodeCrlEntry } from '../../pki/crl-entry.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { isCertificateListSignedBy, parseCertificateList } from '../../pki/crl.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import { expiredCertsOnCrlExtension } from '../../pki/extensions/expired-certs-on-crl.ts';
import { issuingDistributionPointExtension } from '../../pki/extensions/issuing-distribution-point.ts';
import { encodePem } from '../../pki/pem.ts';
import { authorityTemplate, fixtureCertificate } from '../support/fixture-certificate.ts';
import { CRL_NOW, crlSerial } from '../support/memory-crl-house.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const signer = memorySigner();
const issuer = await fixtureCertificate(authorityTemplate('Fixture Root CA', signer), { signer });
const fields = {
  issuer,
  signer,
  crlNumber: 7,
  thisUpdate: CRL_NOW,
  nextUpdate: new Date('2027-06-15T12:00:00Z'),
  extensions: [expiredCertsOnCrlExtension(issuer.notBefore)],
};
const entries: RevokedCertificate[] = [
  { serialNumber: crlSerial(1), revokedAt: new Date('2026-06-01T08:00:00Z'), reason: 'unspecified' },
  { serialNumber: crlSerial(2), revokedAt: new Date('2026-06-02T08:00:00Z'), reason: 'certificateHold' },
  {
    serialNumber: crlSerial(3),
    revokedAt: new Date('2026-06-03T08:00:00Z'),
    reason: 'keyCompromise',
    invalidityDate: new Date('2026-05-01T00:00:00Z'),
  },
];

t.test('openssl verifies the CRL and prints what was meant', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', issuer.bytes));
  writeFileSync(join(folder, 'root.crl'), await buildCertificateList({ ...fields, entries }));
  const args = ['crl', '-inform', 'DER', '-in', 'root.crl', '-CAfile', 'root.pem', '-noout', '-text'];
  const text = runOpenssl(args, { cwd: folder }).toString();
  for (const expected of [
    /Version 2 \(0x1\)/,
    /Issuer: C = IR, CN = Fixture Root CA/,
    /Last Update: Jun 15 12:00:00 2026 GMT/,
    /Next Update: Jun 15 12:00:00 2027 GMT/,
    /X509v3 Authority Key Identifier/,
    /X509v3 CRL Number:\s+7\b/,
    new RegExp(`${crlSerial(2).toString('hex').toUpperCase()}[^]*Certificate Hold`),
    /Key Compromise[^]*Invalidity Date:\s+May {2}1 00:00:00 2026 GMT/,
  ]) {
    t.match(text, expected);
  }
});

t.test('two other readers see the same entries', async (t) => {
  const der = await buildCertificateList({ ...fields, entries });
  const bytes = new Uint8Array(der).buffer;
  const peculiar = new X509Crl(bytes);
  t.strictSame(
    peculiar.entries.map(({ serialNumber, revocationDate, reason, invalidity }) => [
      serialNumber,
      revocationDate,
      reason,
      invalidity,
    ]),
    [
      [crlSerial(1).toString('hex'), entries[0].revokedAt, undefined, undefined],
      [crlSerial(2).toString('hex'), entries[1].revokedAt, 6, undefined],
      [crlSerial(3).toString('hex'), entries[2].revokedAt, 1, entries[2].invalidityDate],
    ],
  );
  const list = pkijs.CertificateRevocationList.fromBER(bytes);
  t.strictSame(list.thisUpdate.value, fields.thisUpdate);
  t.strictSame(list.nextUpdate?.value, fields.nextUpdate);
  t.equal(list.revokedCertificates?.length, 3);
  const certificate = pkijs.Certificate.fromBER(new Uint8Array(issuer.bytes).buffer);
  t.ok(await list.verify({ issuerCertificate: certificate }), 'pkijs verifies the signature');
  t.ok(list.isCertificateRevoked(certificateOf(crlSerial(3), certificate)), 'pkijs finds an entry');
});

/** What pkijs compares: issuer and serial number. */
function certificateOf(serialNumber: Buffer, issuerCertificate: pkijs.Certificate): pkijs.Certificate {
  return new pkijs.Certificate({
    issuer: issuerCertificate.subject,
    serialNumber: new asn1js.Integer({ valueHex: new Uint8Array(serialNumber).buffer }),
  });
}

t.test('an offline root may publish an empty list', async (t) => {
  const list = parseCertificateList(await buildCertificateList({ ...fields, entries: [] }));
  t.equal(list.revokedCertificates.count, 0);
  t.match(list, { crlNumber: 7n, expiredCertsOnCrl: issuer.notBefore, unknownCritical: [] });
  t.ok(isCertificateListSignedBy(list, publicKeyOf(issuer)));
});

t.test('the distribution point and the key identifier of the issuer are in the CRL', async (t) => {
  const uri = 'http://pki.example/crl/bronze/2.crl';
  const extensions = [issuingDistributionPointExtension([uri])];
  const list = parseCertificateList(await buildCertificateList({ ...fields, extensions, entries }));
  t.strictSame(list.issuingDistributionPoint?.fullName, [{ kind: 'uri', value: uri }]);
  const subjectKeyIdentifier = issuer.extensions.get('2.5.29.14')!.value.subarray(2);
  t.same(list.authorityKeyIdentifier, subjectKeyIdentifier);
});

t.test("refuses a signer that does not hold the issuer's key", async (t) => {
  await t.rejects(buildCertificateList({ ...fields, signer: memorySigner(), entries }), {
    code: 'signature-wrong',
  });
});

t.test('refuses to publish what a faulty signer signed', async (t) => {
  const faulty = { ...signer, sign: (message: Uint8Array) => signer.sign(Buffer.concat([message, message])) };
  await t.rejects(buildCertificateList({ ...fields, signer: faulty, entries }), { code: 'signature-wrong' });
});

t.test('a large CRL is signed in parts where the signer can, and joined where it cannot', async (t) => {
  const entryOf = (number: number) => encodeCrlEntry({ ...entries[1], serialNumber: crlSerial(number) });
  const parts = Array.from({ length: 30 }, (_, part) =>
    Buffer.concat(Array.from({ length: 1000 }, (_, number) => entryOf(part * 1000 + number))),
  );
  let signedParts = 0;
  const streaming = {
    ...signer,
    sign: () => Promise.reject(new Error('not joined')),
    signParts: (given: readonly Uint8Array[]) => {
      signedParts = given.length;
      return signInParts('sha256', given, { key: signer.privateKey });
    },
  };
  for (const one of [signer, streaming]) {
    const list = parseCertificateList(
      Buffer.concat(await signCertificateList({ ...fields, signer: one }, parts)),
    );
    t.ok(isCertificateListSignedBy(list, publicKeyOf(issuer)));
    t.equal(list.revokedCertificates.count, 30_000);
  }
  t.equal(signedParts, parts.length + 2, 'head, entries, extensions');
});

t.test('what the lints refuse is not signed', async (t) => {
  let signed = 0;
  const counting = {
    ...signer,
    sign: async (message: Uint8Array) => {
      signed += 1;
      return signer.sign(message);
    },
  };
  const refused = (overrides: object) =>
    t.rejects(buildCertificateList({ ...fields, signer: counting, entries, ...overrides }), {
      code: 'lint-failed',
    });
  await refused({ nextUpdate: fields.thisUpdate });
  await refused({ entries: [...entries, entries[0]] });
  await refused({ entries: [{ ...entries[0], reason: 'removeFromCRL' }] });
  t.equal(signed, 0);
});

t.test('an entry from a clock that is ahead does not stop the CRL', async (t) => {
  const ahead = { ...entries[0], revokedAt: new Date(CRL_NOW.getTime() + 60_000) };
  t.ok(await buildCertificateList({ ...fields, entries: [ahead] }));
});
