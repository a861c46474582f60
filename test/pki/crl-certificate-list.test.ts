import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { certificateListParts, tbsCertListParts } from '../../pki/crl-encode.ts';
import type { TbsCertListFields } from '../../pki/crl-encode.ts';
import { encodeCrlEntry } from '../../pki/crl-entry.ts';
import { CRL_OCTETS_MAX, isCertificateListSignedBy, parseCertificateList } from '../../pki/crl.ts';
import type { Extension } from '../../pki/extension.ts';
import { crlNumberExtension } from '../../pki/extensions/crl-number.ts';
import { encodeName } from '../../pki/name.ts';
import { AT, CE } from '../../pki/oid.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { crlSerial } from '../support/memory-crl-house.ts';
import { memorySigner } from '../support/memory-signer.ts';

const signer = memorySigner();
const publicKey = importPublicKey(signer.subjectPublicKeyInfo);
const signatureAlgorithm = signatureAlgorithmIdentifier(signer.algorithm);
const issuer = encodeName([{ type: AT.commonName, value: 'Fixture Bronze CA' }]);
const thisUpdate = new Date('2026-06-15T12:00:00Z');
const nextUpdate = new Date('2026-06-16T12:00:00Z');
const revokedAt = new Date('2026-06-01T08:00:00Z');

async function makeCrl(overrides: Partial<TbsCertListFields> = {}): Promise<Buffer> {
  const defaults = { signatureAlgorithm, issuer, thisUpdate, nextUpdate, entries: [], extensions: [] };
  const tbs = tbsCertListParts({ ...defaults, ...overrides });
  const signature = await signer.sign(Buffer.concat(tbs));
  return Buffer.concat(certificateListParts(tbs, signatureAlgorithm, signature));
}

/** A CRL around revokedCertificates contents of any form. */
async function crlOf(...entries: Buffer[]) {
  return parseCertificateList(await makeCrl({ entries }));
}

const entryOf = (number: number) =>
  encodeCrlEntry({ serialNumber: crlSerial(number), revokedAt, reason: 'superseded' });

t.test('a CRL in parts is read back field by field', async (t) => {
  const list = parseCertificateList(
    await makeCrl({
      entries: [entryOf(1), Buffer.concat([entryOf(2), entryOf(3)])],
      extensions: [crlNumberExtension(5)],
    }),
  );
  t.match(list, { version: 2, thisUpdate, nextUpdate, crlNumber: 5n, unknownCritical: [] });
  t.ok(list.issuer.bytes.equals(issuer));
  t.equal(list.revokedCertificates.count, 3);
  t.equal([...list.revokedCertificates].length, 3);
  t.strictSame(list.revokedCertificates.find(crlSerial(2)), {
    serialNumber: crlSerial(2),
    revokedAt,
    reason: 'superseded',
  });
  t.equal(list.revokedCertificates.find(crlSerial(4)), undefined);
  t.equal(list.revokedCertificates.find(Buffer.alloc(40)), undefined);
  t.ok(isCertificateListSignedBy(list, publicKey));
});

t.test('an empty CRL leaves revokedCertificates out', async (t) => {
  const der = await makeCrl();
  const list = parseCertificateList(der);
  t.equal(list.revokedCertificates.count, 0);
  t.equal(list.revokedCertificates.find(crlSerial(1)), undefined);
  const absent = asn1.explicit(0, asn1.sequence());
  t.ok(der.includes(Buffer.concat([asn1.time(nextUpdate), absent])), 'extensions follow nextUpdate');
});

t.test('a changed octet breaks the signature', async (t) => {
  const der = await makeCrl({ entries: [entryOf(1)] });
  der[der.indexOf(crlSerial(1))] ^= 1;
  t.notOk(isCertificateListSignedBy(parseCertificateList(der), publicKey));
  t.notOk(
    isCertificateListSignedBy(
      parseCertificateList(der),
      importPublicKey(memorySigner().subjectPublicKeyInfo),
    ),
  );
});

t.test('the first entry counts where a serial number is listed twice', async (t) => {
  const second = encodeCrlEntry({ serialNumber: crlSerial(1), revokedAt, reason: 'keyCompromise' });
  const list = await crlOf(entryOf(1), second);
  t.equal(list.revokedCertificates.count, 2);
  t.equal(list.revokedCertificates.find(crlSerial(1))?.reason, 'superseded');
});

t.test('critical extensions that are not understood are named, in the list and in its entries', async (t) => {
  const unknown: Extension = { oid: '2.999.1', critical: true, value: asn1.NULL };
  const extension = asn1.sequence(
    asn1.oid(CE.certificateIssuer),
    asn1.boolean(true),
    asn1.octetString(asn1.sequence()),
  );
  const foreign = asn1.sequence(asn1.integer(9), asn1.time(revokedAt), asn1.sequence(extension));
  const list = parseCertificateList(await makeCrl({ entries: [foreign], extensions: [unknown] }));
  t.strictSame(list.unknownCritical, ['2.999.1']);
  t.strictSame([...list.revokedCertificates.unknownCriticalExtensions], [CE.certificateIssuer]);
});

t.test('a version 1 CRL without nextUpdate is read', async (t) => {
  const tbs = asn1.sequence(signatureAlgorithm, issuer, asn1.time(thisUpdate), asn1.sequence(entryOf(1)));
  const der = asn1.sequence(tbs, signatureAlgorithm, asn1.bitString(await signer.sign(tbs)));
  const list = parseCertificateList(der);
  t.match(list, { version: 1, thisUpdate });
  t.equal(list.nextUpdate, undefined);
  t.ok(isCertificateListSignedBy(list, publicKey));
});

const time = asn1.time(revokedAt);
const serial = asn1.integer(7);
const malformedEntries: [string, Buffer][] = [
  ['that is not a SEQUENCE', asn1.integer(1)],
  ['that is cut off', entryOf(1).subarray(0, -1)],
  ['without a date', asn1.sequence(serial)],
  ['with a serial number that is no INTEGER', asn1.sequence(asn1.octetString(Buffer.from([7])), time)],
  ['with an empty serial number', asn1.sequence(Buffer.from([2, 0]), time)],
  ['with a serial number of 33 octets', asn1.sequence(asn1.integer(Buffer.alloc(33, 0x7f)), time)],
  ['with a date of another type', asn1.sequence(serial, asn1.utf8String('260601080000Z'))],
  ['with trailing octets', asn1.sequence(serial, time, asn1.sequence(), asn1.NULL)],
  ['with extensions that are no SEQUENCE', asn1.sequence(serial, time, asn1.octetString(Buffer.alloc(3)))],
  ['with a length that is not the shortest', Buffer.concat([Buffer.from([0x30, 0x81, 18]), serial, time])],
  ['of indefinite length', Buffer.concat([Buffer.from([0x30, 0x80]), serial, time, Buffer.from([0, 0])])],
];
for (const [name, entry] of malformedEntries) {
  t.test(`refuses an entry ${name}`, async (t) => {
    const bytes = await makeCrl({ entries: [entry] });
    t.throws(() => parseCertificateList(bytes), { code: /^(crl|der)-malformed$/ });
  });
}

t.test('refuses a CRL that is malformed as a whole', async (t) => {
  const der = await makeCrl({ entries: [entryOf(1)] });
  const refused = (bytes: Uint8Array) =>
    t.throws(() => parseCertificateList(bytes), { code: /^(crl|der)-malformed$/ });
  for (let length = 0; length < der.length; length += 7) refused(der.subarray(0, length));
  refused(Buffer.concat([der, Buffer.from([0])]));
  refused(Buffer.alloc(CRL_OCTETS_MAX + 1));
  const other = tbsCertListParts({
    signatureAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha384'),
    issuer,
    thisUpdate,
    nextUpdate,
    entries: [],
    extensions: [],
  });
  refused(Buffer.concat(certificateListParts(other, signatureAlgorithm, Buffer.alloc(70))));
});

t.test('a hundred thousand entries are found one by one', async (t) => {
  const count = 100_000;
  const entries = Array.from({ length: count }, (_, number) => entryOf(number));
  const { revokedCertificates } = parseCertificateList(await makeCrl({ entries }));
  t.equal(revokedCertificates.count, count);
  for (let number = 0; number < count; number += 997) {
    t.same(revokedCertificates.find(crlSerial(number))?.serialNumber, crlSerial(number));
  }
  t.equal(revokedCertificates.find(crlSerial(count)), undefined);
});
