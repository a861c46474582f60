import { randomBytes } from 'node:crypto';

import fc from 'fast-check';
import t from 'tap';

import { StatusIndex } from '../../ocsp/status-index.ts';
import type { SourcedStatusChange } from '../../ocsp/status-source.ts';
import { REVOCATION_REASONS } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';

const SERIAL = Buffer.from('4711', 'hex');
const ISSUED_AT = new Date('2026-06-15T12:00:00Z');
const LATER = new Date('2026-06-15T13:00:00Z');
const NOT_AFTER = new Date('2027-06-15T11:59:59Z');
const CERT_HASH = Buffer.alloc(32, 7);

t.test('knows what was issued, with its hash and expiry', (t) => {
  const index = new StatusIndex();
  index.apply(issued(5));
  const place = index.find(SERIAL);
  t.strictSame(index.statusAt(place), { kind: 'good' });
  t.equal(index.changeNumberAt(place), 5);
  t.strictSame(index.certHashAt(place), CERT_HASH);
  t.strictSame(index.notAfterAt(place), NOT_AFTER);
  t.equal(index.size, 1);
  t.end();
});

t.test('does not know what was never issued', (t) => {
  const index = new StatusIndex();
  index.apply(issued(1));
  t.equal(index.find(Buffer.from('4712', 'hex')), -1);
  t.equal(index.find(Buffer.from('004711', 'hex')), -1, 'other octets are another number');
  t.equal(index.find(Buffer.alloc(21, 1)), -1, 'longer than a serial number can be');
  t.equal(index.find(Buffer.alloc(0)), -1);
  t.equal(index.changeNumberAt(-1), 0);
  t.end();
});

t.test('follows a hold, its release and a revocation', (t) => {
  const index = new StatusIndex();
  index.apply(issued(1));
  const place = index.find(SERIAL);
  index.apply({ ...change(2, 'held'), reason: 'certificateHold' });
  t.strictSame(index.statusAt(place), { kind: 'revoked', revokedAt: LATER, reason: 'certificateHold' });
  index.apply(change(3, 'released'));
  t.strictSame(index.statusAt(place), { kind: 'good' });
  index.apply({ ...change(4, 'revoked'), reason: 'keyCompromise' });
  t.strictSame(index.statusAt(place), { kind: 'revoked', revokedAt: LATER, reason: 'keyCompromise' });
  t.equal(index.find(SERIAL), place, 'the place stays');
  t.end();
});

t.test('says by its version whether anything changed', (t) => {
  const index = new StatusIndex();
  const versions = [index.version];
  const note = () => void versions.push(index.version);
  index.apply(issued(1));
  note();
  index.apply({ ...change(2, 'held'), reason: 'certificateHold' });
  note();
  index.load({ ...record(3), serialNumber: Buffer.from('4712', 'hex') });
  note();
  t.equal(new Set(versions).size, versions.length, 'another one after each change');
  index.apply(change(2, 'held'));
  t.equal(index.version, versions.at(-1), 'the same where what was applied is applied again');
  t.end();
});

for (const reason of Object.keys(REVOCATION_REASONS) as RevocationReason[]) {
  t.test(`keeps the reason ${reason}`, (t) => {
    const index = new StatusIndex();
    index.load({ ...record(1), status: { kind: 'revoked', revokedAt: LATER, reason } });
    t.strictSame(index.statusAt(0), { kind: 'revoked', revokedAt: LATER, reason });
    t.end();
  });
}

t.test('keeps a change number beyond 32 bits', (t) => {
  const index = new StatusIndex();
  index.load(record(2 ** 40 + 1));
  t.equal(index.changeNumberAt(0), 2 ** 40 + 1);
  t.end();
});

t.test('tells an expiry after 2106 as 2106', (t) => {
  const index = new StatusIndex();
  index.load({ ...record(1), notAfter: new Date('9999-12-31T23:59:59Z') });
  t.equal(index.notAfterAt(0).getUTCFullYear(), 2106);
  t.end();
});

t.test('passes over a change that it shows already', (t) => {
  const index = new StatusIndex();
  index.load({ ...record(3), status: { kind: 'revoked', revokedAt: LATER, reason: 'superseded' } });
  index.apply(issued(1));
  index.apply(change(3, 'released'));
  t.equal(index.statusAt(0).kind, 'revoked');
  t.end();
});

const broken: [name: string, act: (index: StatusIndex) => void][] = [
  ['a change of a certificate that was never issued', (index) => index.apply(change(1, 'revoked'))],
  ['an issue without its certificate', (index) => index.apply({ ...issued(1), issued: undefined })],
  ['a second issue of a serial number', (index) => [1, 2].forEach((number) => index.apply(issued(number)))],
  ['a second load of a serial number', (index) => [1, 2].forEach((number) => index.load(record(number)))],
  [
    'a serial number of 21 octets',
    (index) => index.load({ ...record(1), serialNumber: Buffer.alloc(21, 1) }),
  ],
  ['a serial number of none', (index) => index.load({ ...record(1), serialNumber: Buffer.alloc(0) })],
  ['a certificate hash of 20 octets', (index) => index.load({ ...record(1), certHash: Buffer.alloc(20) })],
];

for (const [name, act] of broken) {
  t.test(`refuses ${name}`, (t) => {
    t.throws(() => act(new StatusIndex()), { code: 'status-history-broken' });
    t.end();
  });
}

t.test('finds every one of any set of serial numbers, and no other', (t) => {
  const serial = fc.uint8Array({ minLength: 1, maxLength: 20 });
  const serials = fc.uniqueArray(serial, {
    minLength: 1,
    maxLength: 200,
    selector: (one) => Buffer.from(one).toString('hex'),
  });
  fc.assert(
    fc.property(serials, serial, (many, other) => {
      const index = new StatusIndex();
      many.forEach((one, at) => index.load({ ...record(at + 1), serialNumber: Buffer.from(one) }));
      const isFound = many.every((one, at) => index.changeNumberAt(index.find(one)) === at + 1);
      const isAmong = many.some((one) => Buffer.compare(one, other) === 0);
      return isFound && index.find(other) >= 0 === isAmong;
    }),
  );
  t.end();
});

t.test('grows to 20,000 certificates of counted and of random numbers within 100 octets each', (t) => {
  const index = new StatusIndex();
  const random: Buffer[] = [];
  for (let number = 1; number <= 10_000; number += 1) {
    const counted = Buffer.alloc(9);
    counted.writeUInt32BE(number, 5);
    const serialNumber = randomBytes(20);
    random.push(serialNumber);
    index.load({ ...record(number), serialNumber: counted });
    index.load({ ...record(number), serialNumber });
  }
  t.equal(index.size, 20_000);
  t.ok(random.every((serialNumber, at) => index.changeNumberAt(index.find(serialNumber)) === at + 1));
  t.ok(index.octets / index.size < 100, `${index.octets / index.size} octets`);
  t.end();
});

function record(changeNumber: number) {
  return {
    serialNumber: SERIAL,
    changeNumber,
    certHash: CERT_HASH,
    notAfter: NOT_AFTER,
    status: { kind: 'good' as const },
  };
}

function issued(changeNumber: number): SourcedStatusChange {
  const certificate = { certHash: CERT_HASH, notAfter: NOT_AFTER };
  return { ...change(changeNumber, 'issued'), effectiveAt: ISSUED_AT, issued: certificate };
}

function change(changeNumber: number, event: SourcedStatusChange['event']): SourcedStatusChange {
  return { changeNumber, authorityId: 'bronze', serialNumber: SERIAL, event, effectiveAt: LATER };
}
