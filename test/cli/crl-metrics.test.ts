import { Registry } from 'prom-client';
import t from 'tap';

import { CrlScheduler } from '../../ca/crl/crl-scheduler.ts';
import { crlMetrics } from '../../cli/crl-metrics.ts';
import { crlSerial, memoryCrlHouse } from '../support/memory-crl-house.ts';

const HOUR = 3600;

/** A leader whose CRLs are watched; `value` reads a metric with its labels as it is printed. */
async function fixture(t: { teardown(undo: () => unknown): void }, kinds = {}) {
  const house = await memoryCrlHouse(kinds);
  const registry = new Registry();
  const metrics = crlMetrics(registry, house);
  const scheduler = new CrlScheduler({
    house: { ...house, onIssued: metrics.onIssued },
    lock: { lead: async () => true, release: async () => undefined },
    onFailure: metrics.onFailure,
  });
  t.teardown(() => scheduler.close());
  const value = async (name: string): Promise<number | undefined> => {
    const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };
  return { house, scheduler, value };
}

const COMPLETE = '{authority="bronze",scope="complete"}';

t.test('a CRL that is not there yet alarms, and one that is there does not', async (t) => {
  const { scheduler, value } = await fixture(t, { shards: true });
  t.equal(await value(`mohr_crl_alarm${COMPLETE}`), 1);
  t.equal(await value('mohr_crl_alarm{authority="bronze",scope="shard:3"}'), 1);
  t.equal(await value(`mohr_crl_number${COMPLETE}`), undefined);
  await scheduler.tick();
  t.equal(await value(`mohr_crl_alarm${COMPLETE}`), 0);
  t.equal(await value('mohr_crl_alarm{authority="bronze",scope="shard:3"}'), 0);
  t.equal(await value(`mohr_crl_number${COMPLETE}`), 1);
  t.equal(await value('mohr_crl_build_seconds_count{kind="complete"}'), 1);
  t.ok((await value(`mohr_crl_octets${COMPLETE}`))! > 100);
});

t.test('when issuing fails the alarm rises nine hours before nextUpdate', async (t) => {
  const { house, scheduler, value } = await fixture(t);
  await scheduler.tick();
  house.source.add({ serialNumber: crlSerial(1), event: 'revoked', reason: 'keyCompromise' });
  const { sign } = house.signer;
  Object.assign(house.signer, { sign: () => Promise.reject(new Error('the token is gone')) });
  const seen = async (hours: number) => {
    house.clock.advanceSeconds(hours * HOUR);
    await scheduler.tick();
    return [
      await value(`mohr_crl_seconds_to_next_update${COMPLETE}`),
      await value(`mohr_crl_overdue_seconds${COMPLETE}`),
      await value(`mohr_crl_alarm${COMPLETE}`),
    ];
  };
  t.strictSame(await seen(11), [13 * HOUR, 0, 0]);
  t.strictSame(await seen(3), [10 * HOUR, 2 * HOUR, 0]);
  t.strictSame(await seen(1), [9 * HOUR, 3 * HOUR, 1]);
  t.ok((await value('mohr_crl_failures_total{code="unexpected"}'))! >= 2);
  t.equal(await value(`mohr_crl_number${COMPLETE}`), 1, 'the one in force');
  t.equal(await value(`mohr_crl_change_number${COMPLETE}`), 0);
  Object.assign(house.signer, { sign });
  house.clock.advanceSeconds(HOUR);
  await scheduler.tick();
  t.strictSame(await seen(0), [24 * HOUR, 0, 0]);
  t.equal(await value(`mohr_crl_change_number${COMPLETE}`), 1);
});

t.test('a list that a ceremony brings is not overdue, and alarms before it ends', async (t) => {
  const { house, value } = await fixture(t);
  const root = { authorityId: 'root', kind: 'complete' } as const;
  const thisUpdate = house.clock.now();
  const nextUpdate = new Date(thisUpdate.getTime() + 100 * 24 * HOUR * 1000);
  house.cache.put({
    scope: root,
    crlNumber: 7,
    thisUpdate,
    nextUpdate,
    lastChangeNumber: 0,
    der: [new Uint8Array(9)],
  });
  const labels = '{authority="root",scope="complete"}';
  house.clock.advanceSeconds(50 * 24 * HOUR);
  t.equal(await value(`mohr_crl_overdue_seconds${labels}`), 0);
  t.equal(await value(`mohr_crl_alarm${labels}`), 0);
  house.clock.advanceSeconds(10 * 24 * HOUR);
  t.equal(await value(`mohr_crl_alarm${labels}`), 1);
});

t.test('a delta that was switched off runs out without an alarm', async (t) => {
  const { house, scheduler, value } = await fixture(t);
  await scheduler.tick();
  const { thisUpdate, nextUpdate } = house.cache.heads()[0];
  const scope = { authorityId: 'bronze', kind: 'delta' } as const;
  house.cache.put({
    scope,
    crlNumber: 1,
    thisUpdate,
    nextUpdate,
    lastChangeNumber: 0,
    der: [new Uint8Array(9)],
  });
  house.clock.advanceSeconds(30 * HOUR);
  t.equal(await value('mohr_crl_alarm{authority="bronze",scope="delta"}'), undefined);
});
