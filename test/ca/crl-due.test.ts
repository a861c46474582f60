import t from 'tap';

import { basesAfter, isDue, issuedScopes } from '../../ca/crl/crl-due.ts';
import { DEFAULT_CRL_POLICY as policy } from '../../ca/crl/crl-house.ts';
import type { CrlBase } from '../../ca/crl/crl-store.ts';
import { crlFreshness } from '../../ca/crl/crl-freshness.ts';
import { CRL_NOW, memoryCrlHouse } from '../support/memory-crl-house.ts';

const at = (seconds: number) => new Date(CRL_NOW.getTime() + seconds * 1000);
const HOUR = 3600;

t.test('a CRL is due when there is none, at its interval, and a batch after a change', (t) => {
  const head = { thisUpdate: CRL_NOW };
  t.ok(isDue(CRL_NOW, policy, undefined, undefined), 'the first');
  t.notOk(isDue(at(12 * HOUR - 1), policy, head, undefined), 'a second before the interval');
  t.ok(isDue(at(12 * HOUR), policy, head, undefined), 'at the interval');
  t.notOk(isDue(at(101), policy, head, at(100)), 'while changes are gathered');
  t.ok(isDue(at(102), policy, head, at(100)), 'two seconds after the change');
  t.end();
});

t.test('an authority issues what is switched on', async (t) => {
  const countOf = async (kinds: object) => issuedScopes((await memoryCrlHouse(kinds)).authorities[0]).length;
  t.equal(await countOf({ complete: true, shards: false }), 1);
  t.equal(await countOf({ complete: false, shards: true }), 4);
  t.equal(await countOf({ complete: true, shards: true, delta: true }), 5);
});

t.test('a delta builds on the oldest complete CRL that somebody may still rely on', (t) => {
  let bases: CrlBase[] = [];
  const issueAt = (hours: number) => {
    const crlNumber = Math.round(hours * 10) + 1;
    bases = basesAfter(bases, { crlNumber, lastChangeNumber: 0, thisUpdate: at(hours * HOUR) }, policy);
    return bases.map((base) => (base.crlNumber - 1) / 10);
  };
  t.strictSame(issueAt(0), [0]);
  t.strictSame(issueAt(5), [0], 'one issued for a change is no base');
  t.strictSame(issueAt(12), [0, 12]);
  t.strictSame(issueAt(24), [0, 12, 24]);
  t.strictSame(issueAt(35.9), [0, 12, 24], 'one from just before hour 12 is valid until just before hour 36');
  t.strictSame(issueAt(36), [12, 24, 36]);
  t.end();
});

t.test('freshness says how old a CRL is, how long it lasts and by how much its successor is late', (t) => {
  const head = {
    scope: { authorityId: 'bronze', kind: 'shard', shard: 3 } as const,
    crlNumber: 9,
    thisUpdate: CRL_NOW,
    nextUpdate: at(24 * HOUR),
    lastChangeNumber: 5,
  };
  t.strictSame(crlFreshness([head], at(13 * HOUR), policy), [
    {
      scope: 'bronze/shard:3',
      crlNumber: 9,
      ageSeconds: 13 * HOUR,
      secondsToNextUpdate: 11 * HOUR,
      overdueSeconds: HOUR,
    },
  ]);
  t.equal(crlFreshness([head], at(12 * HOUR), policy)[0].overdueSeconds, 0);
  t.end();
});
