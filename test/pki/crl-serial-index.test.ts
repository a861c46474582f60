import assert from 'node:assert/strict';

import fc from 'fast-check';
import t from 'tap';

import { SerialIndex, serialHash } from '../../pki/crl-serial-index.ts';

/** Serial numbers of one octet at even locations, so that the hash of each is known and collisions are plenty. */
const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const locator = {
  matches: (location: number, other: Uint8Array, start: number) => bytes[location] === other[start],
};

/** Few different hashes: what a hostile choice of serial numbers would look like if the tables were known. */
const crowdedHash = (octet: number) => octet % 3;

for (const [name, hashOf] of [
  ['random hashes', (octet: number) => serialHash(bytes, octet, octet + 1)],
  ['hashes that nearly all collide', crowdedHash],
] as const) {
  t.test(`finds what was added and not deleted, with ${name}`, (t) => {
    const operation = fc.record({ octet: fc.nat(255), add: fc.boolean() });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 600 }), (operations) => {
        const index = new SerialIndex(locator);
        const model = new Set<number>();
        for (const { octet, add } of operations) {
          if (add && !model.has(octet)) index.add(hashOf(octet), octet);
          if (!add && model.has(octet)) index.delete(hashOf(octet), octet);
          if (add) model.add(octet);
          else model.delete(octet);
        }
        const found = [...bytes.keys()].filter(
          (octet) => index.find(hashOf(octet), bytes, octet, octet + 1) === octet,
        );
        assert.deepEqual(
          found,
          [...model].sort((a, b) => a - b),
        );
        assert.equal(index.count, model.size);
      }),
      { numRuns: 40 },
    );
    t.end();
  });
}

t.test('a moved entry is found at its new location', (t) => {
  const index = new SerialIndex({ matches: () => true });
  index.add(7, 1000);
  index.move(7, 1000, 900);
  t.equal(index.find(7, bytes, 0, 1), 900);
  t.throws(() => index.move(7, 1000, 800), /not in the index/);
  t.end();
});
