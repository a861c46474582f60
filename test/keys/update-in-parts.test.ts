import { createHash } from 'node:crypto';

import t from 'tap';

import { updateInParts } from '../../keys/update-in-parts.ts';

t.test('hashes parts as their whole, and lets others run within one large part too', async (t) => {
  const parts = [Buffer.alloc(5, 1), Buffer.alloc(0), Buffer.alloc(4_194_304, 2), Buffer.alloc(7, 3)];
  const hash = createHash('sha256');
  let turns = 0;
  const count = (): void => {
    turns += 1;
    if (turns < 100) setImmediate(count);
  };
  setImmediate(count);
  await updateInParts(hash, parts);
  t.ok(turns >= 4 && turns < 100, `${turns} turns`);
  t.same(hash.digest(), createHash('sha256').update(Buffer.concat(parts)).digest());
});
