import assert from 'node:assert/strict';

import fc from 'fast-check';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import {
  CRL_ENTRY_OCTETS_MAX,
  NO_INVALIDITY_DATE,
  OWN_SERIAL_OCTETS_MAX,
  encodeCrlEntry,
  parseCrlEntry,
} from '../../pki/crl-entry.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { PackedRevocationCursor, packRevocations } from '../../pki/crl-packed-revocations.ts';
import { encodeExtension } from '../../pki/extension.ts';
import { invalidityDateExtension } from '../../pki/extensions/invalidity-date.ts';
import { reasonCodeExtension } from '../../pki/extensions/reason-code.ts';
import { REVOCATION_REASONS } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';

const REASONS = Object.keys(REVOCATION_REASONS) as RevocationReason[];

const seconds = fc
  .integer({ min: Date.UTC(1900, 0, 1) / 1000, max: Date.UTC(2200, 0, 1) / 1000 })
  .map((value) => new Date(value * 1000));

const entry: fc.Arbitrary<RevokedCertificate> = fc.record(
  {
    serialNumber: fc
      .uint8Array({ minLength: 1, maxLength: 20 })
      .map((octets) => Buffer.from([octets[0] & 0x7f || 1, ...octets.subarray(1)])),
    revokedAt: seconds,
    reason: fc.constantFrom(...REASONS),
    invalidityDate: seconds,
  },
  { requiredKeys: ['serialNumber', 'revokedAt', 'reason'], noNullPrototype: true },
);

/** The same entry from the general DER writer. */
function slowEntry({ serialNumber, revokedAt, reason, invalidityDate }: RevokedCertificate): Buffer {
  const extensions = [];
  if (reason !== 'unspecified') extensions.push(encodeExtension(reasonCodeExtension(reason)));
  if (invalidityDate) extensions.push(encodeExtension(invalidityDateExtension(invalidityDate)));
  const parts = [asn1.integer(serialNumber), asn1.time(revokedAt)];
  return asn1.sequence(...parts, ...(extensions.length > 0 ? [asn1.sequence(...extensions)] : []));
}

t.test('every entry is written as the general DER writer writes it, and read back', (t) => {
  fc.assert(
    fc.property(entry, (one) => {
      const encoded = encodeCrlEntry(one);
      assert.deepEqual(encoded, slowEntry(one));
      assert.deepEqual(parseCrlEntry(encoded), one);
    }),
    { numRuns: 1000 },
  );
  t.end();
});

t.test('packed revocations carry every entry over', (t) => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
      const cursor = new PackedRevocationCursor(packRevocations(entries));
      for (const one of entries) {
        assert.ok(cursor.next());
        const serialNumber = Buffer.from(cursor.bytes.subarray(cursor.serialStart, cursor.serialEnd));
        assert.deepEqual(serialNumber, one.serialNumber);
        assert.equal(cursor.revokedAt * 1000, one.revokedAt.getTime());
        assert.equal(cursor.reasonCode, REVOCATION_REASONS[one.reason]);
        assert.equal(cursor.invalidityDate * 1000, one.invalidityDate?.getTime() ?? NO_INVALIDITY_DATE);
      }
      assert.ok(!cursor.next());
    }),
    { numRuns: 100 },
  );
  t.end();
});

t.test('a packed record has the form that its documentation gives', (t) => {
  const [revokedAt, invalidityDate] = [new Date('2026-06-15T12:00:00Z'), new Date('1969-12-31T23:59:59Z')];
  const packed = packRevocations([
    { serialNumber: Buffer.from('0a0b', 'hex'), revokedAt, reason: 'keyCompromise', invalidityDate },
    { serialNumber: Buffer.from('0c', 'hex'), revokedAt, reason: 'unspecified' },
  ]);
  const time = (revokedAt.getTime() / 1000).toString(16).padStart(16, '0');
  t.equal(
    Buffer.from(packed).toString('hex'),
    `00020a0b${time}0001ffffffffffffffff` + `00010c${time}00008000000000000000`,
  );
  t.end();
});

t.test('an unspecified reason without invalidity date leaves the extensions out', (t) => {
  const plain = encodeCrlEntry({
    serialNumber: Buffer.from('2a', 'hex'),
    revokedAt: new Date('2026-06-15T12:00:00Z'),
    reason: 'unspecified',
  });
  t.equal(plain.toString('hex'), `301202012a170d${Buffer.from('260615120000Z').toString('hex')}`);
  t.end();
});

t.test('revocation dates change their form at 2050 and at 1950', (t) => {
  const tagOf = (text: string) =>
    encodeCrlEntry({ serialNumber: Buffer.from([1]), revokedAt: new Date(text), reason: 'unspecified' })[5];
  t.equal(tagOf('2049-12-31T23:59:59Z'), 0x17);
  t.equal(tagOf('2050-01-01T00:00:00Z'), 0x18);
  t.equal(tagOf('1950-01-01T00:00:00Z'), 0x17);
  t.equal(tagOf('1949-12-31T23:59:59Z'), 0x18);
  t.end();
});

t.test('the longest entry fits, a longer serial number is refused', (t) => {
  const longest = {
    serialNumber: Buffer.alloc(OWN_SERIAL_OCTETS_MAX, 0x7f),
    revokedAt: new Date('2050-01-01T00:00:00Z'),
    reason: 'keyCompromise',
    invalidityDate: new Date('2050-01-01T00:00:00Z'),
  } as const;
  t.ok(encodeCrlEntry(longest).length <= CRL_ENTRY_OCTETS_MAX);
  t.ok(CRL_ENTRY_OCTETS_MAX < 0x80, 'each length takes one octet');
  for (const octets of [0, OWN_SERIAL_OCTETS_MAX + 1]) {
    t.throws(() => encodeCrlEntry({ ...longest, serialNumber: Buffer.alloc(octets, 1) }), RangeError);
  }
  t.end();
});

t.test('packed octets that are not records are refused', (t) => {
  t.throws(() => new PackedRevocationCursor(Buffer.from('0000', 'hex')).next(), RangeError);
  t.throws(() => new PackedRevocationCursor(Buffer.from('0030', 'hex')).next(), RangeError);
  t.throws(() => new PackedRevocationCursor(Buffer.from('000101', 'hex')).next(), RangeError);
  t.end();
});
