import { scryptSync } from 'node:crypto';

import t from 'tap';

import { SecretHasher } from '../../ra/self-service/secret-hash.ts';

const CHEAP = { N: 2, r: 8, p: 1 };

t.test('secrets are hashed at the cost that OWASP recommends, unless told otherwise', async (t) => {
  const { salt, hash } = await new SecretHasher().hash('12345678');
  const expected = scryptSync('12345678', salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 });
  t.strictSame(hash, expected);
  const cheap = await new SecretHasher(CHEAP).hash('12345678', salt);
  t.notSame(cheap.hash, expected, 'another cost is another hash');
});

t.test('a secret is known again, however it was typed', async (t) => {
  const hasher = new SecretHasher(CHEAP);
  const composed = await hasher.hash('Zo\u00eb \ufee2');
  t.equal(await hasher.isOf('Zoe\u0308 \u0645', composed), true);
  t.equal(await hasher.isOf('Zoe \u0645', composed), false);
  const again = await hasher.hash('Zo\u00eb \ufee2');
  t.notSame(again.salt, composed.salt, 'each has a salt of its own');
  t.equal(await hasher.isOf('', undefined), false, 'what nobody has is nobody’s');
});

t.test('whoever comes while sixteen are hashed is asked to come again', async (t) => {
  const hasher = new SecretHasher(CHEAP);
  const hashed = Array.from({ length: 16 }, () => hasher.hash('secret'));
  await t.rejects(hasher.hash('secret'), { code: 'overloaded' });
  t.equal((await Promise.all(hashed)).length, 16);
  t.ok(await hasher.hash('secret'), 'and is let in afterwards');
});
