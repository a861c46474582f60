import assert from 'node:assert/strict';

import fc from 'fast-check';
import t from 'tap';

import { CrlEntryList } from '../../ca/crl/crl-entry-list.ts';
import { shardOf } from '../../ca/crl/shard.ts';
import { crlEntryFields } from '../../pki/crl-entry.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { RevokedCertificates } from '../../pki/crl-revoked-certificates.ts';
import { CRL_NOW, crlSerial } from '../support/memory-crl-house.ts';

const SHARDS = 3;

function entryOf(number: number, overrides: Partial<RevokedCertificate> = {}): RevokedCertificate {
  return { serialNumber: crlSerial(number), revokedAt: CRL_NOW, reason: 'superseded', ...overrides };
}

function put(list: CrlEntryList, entry: RevokedCertificate): void {
  list.put(crlEntryFields(entry));
}

function read(list: CrlEntryList, shard?: number): RevokedCertificate[] {
  return [...new RevokedCertificates(Buffer.concat(list.parts(shard)))];
}

function byReasonOf(entries: readonly RevokedCertificate[]): Record<string, string> {
  const pairs = entries.map(
    ({ serialNumber, reason }) => [Buffer.from(serialNumber).toString('hex'), reason] as const,
  );
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

t.test('holds what a map would hold, in the shard of its serial number, whatever is done to it', (t) => {
  const operation = fc.record({
    number: fc.nat(40),
    action: fc.constantFrom('certificateHold', 'keyCompromise', 'unspecified', 'remove'),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 150 }), (operations) => {
      const list = new CrlEntryList(SHARDS);
      const model = new Map<number, RevokedCertificate>();
      for (const { number, action } of operations) {
        if (action === 'remove') {
          list.remove(crlSerial(number));
          model.delete(number);
        } else {
          put(list, entryOf(number, { reason: action }));
          model.set(number, entryOf(number, { reason: action }));
        }
      }
      assert.equal(list.count, model.size);
      assert.deepEqual(byReasonOf(read(list)), byReasonOf([...model.values()]));
      for (let shard = 0; shard < SHARDS; shard += 1) {
        const expected = [...model.values()].filter(
          ({ serialNumber }) => shardOf(serialNumber, SHARDS) === shard,
        );
        assert.deepEqual(byReasonOf(read(list, shard)), byReasonOf(expected));
      }
    }),
    { numRuns: 60 },
  );
  t.end();
});

t.test('parts that were handed out stay as they were', (t) => {
  const list = new CrlEntryList(1);
  for (let number = 0; number < 3000; number += 1) put(list, entryOf(number));
  const parts = list.parts();
  const before = Buffer.concat(parts);
  t.ok(parts.length > 1, 'several chunks');
  for (let number = 0; number < 3000; number += 7) list.remove(crlSerial(number));
  for (let number = 1; number < 3000; number += 7) put(list, entryOf(number, { reason: 'keyCompromise' }));
  for (let number = 3000; number < 5000; number += 1) put(list, entryOf(number));
  t.ok(Buffer.concat(parts).equals(before));
  t.notOk(Buffer.concat(list.parts()).equals(before));
  t.end();
});

t.test('the same entry again writes nothing', (t) => {
  const list = new CrlEntryList(1);
  for (const number of [1, 2, 1, 2]) put(list, entryOf(number));
  t.equal(list.count, 2);
  t.same(
    read(list).map(({ serialNumber }) => serialNumber),
    [crlSerial(1), crlSerial(2)],
  );
  t.end();
});

t.test('removing what is not listed changes nothing', (t) => {
  const list = new CrlEntryList(1);
  put(list, entryOf(1));
  list.remove(crlSerial(2));
  t.equal(list.count, 1);
  t.end();
});

t.test('a hundred thousand entries come and go', (t) => {
  const count = 100_000;
  const list = new CrlEntryList(16);
  for (let number = 0; number < count; number += 1) put(list, entryOf(number));
  t.equal(new RevokedCertificates(Buffer.concat(list.parts())).count, count);
  for (let number = 0; number < count; number += 100) list.remove(crlSerial(number));
  const left = new RevokedCertificates(Buffer.concat(list.parts()));
  t.equal(left.count, count - count / 100);
  t.equal(left.find(crlSerial(500)), undefined);
  t.ok(left.find(crlSerial(501)));
  t.end();
});

t.test('a shard is the same for a serial number with and without its sign octet', (t) => {
  t.equal(shardOf(Buffer.from('00ff01', 'hex'), 16), shardOf(Buffer.from('ff01', 'hex'), 16));
  t.equal(shardOf(Buffer.from('4f', 'hex'), 16), 15);
  t.throws(() => shardOf(Buffer.alloc(0), 16), RangeError);
  t.end();
});
