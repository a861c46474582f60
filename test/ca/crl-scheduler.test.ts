import t from 'tap';

import { CrlCache } from '../../ca/crl/crl-cache.ts';
import { CrlScheduler } from '../../ca/crl/crl-scheduler.ts';
import { scopeName } from '../../ca/crl/crl-scope.ts';
import type { CrlHead } from '../../ca/crl/crl-store.ts';
import { shardOf } from '../../ca/crl/shard.ts';
import { isCertificateListSignedBy, parseCertificateList } from '../../pki/crl.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import { crlSerial, listedAfter, memoryCrlHouse } from '../support/memory-crl-house.ts';
import type { MemoryCrlHouse } from '../support/memory-crl-house.ts';

const COMPLETE = { authorityId: 'bronze', kind: 'complete' } as const;
const HOUR = 3600;

interface Fixture {
  house: MemoryCrlHouse;
  scheduler: CrlScheduler;
  failures: unknown[];
  lock: { leads: boolean };
}

async function fixture(
  t: { teardown(undo: () => unknown): void },
  kinds = {},
  house?: MemoryCrlHouse,
): Promise<Fixture> {
  const used = house ?? (await memoryCrlHouse(kinds));
  const failures: unknown[] = [];
  const lock = { leads: true };
  const scheduler = new CrlScheduler({
    house: used,
    lock: { lead: async () => lock.leads, release: async () => void (lock.leads = false) },
    onFailure: (error) => failures.push(error),
  });
  t.teardown(() => scheduler.close());
  return { house: used, scheduler, failures, lock };
}

const names = (heads: readonly CrlHead[]) =>
  heads.map((head) => `${scopeName(head.scope)}#${head.crlNumber}`);

function currentList(house: MemoryCrlHouse, scope: CrlHead['scope'] = COMPLETE) {
  return parseCertificateList(Buffer.concat(house.cache.current(scope)!.der));
}

t.test('the first CRL lists what is revoked or held, and nothing else', async (t) => {
  const { house, scheduler } = await fixture(t);
  house.source.add({ serialNumber: crlSerial(1), event: 'issued' });
  house.source.add({ serialNumber: crlSerial(1), event: 'held', reason: 'certificateHold' });
  house.source.add({ serialNumber: crlSerial(2), event: 'revoked', reason: 'keyCompromise' });
  house.source.add({ serialNumber: crlSerial(3), event: 'held', reason: 'certificateHold' });
  house.source.add({ serialNumber: crlSerial(3), event: 'released' });
  house.source.add({ serialNumber: crlSerial(4), event: 'revoked', authorityId: 'silver' });
  t.strictSame(names(await scheduler.tick()), ['complete#1']);
  const list = currentList(house);
  t.equal(list.revokedCertificates.count, 2);
  t.equal(list.revokedCertificates.find(crlSerial(1))?.reason, 'certificateHold');
  t.equal(list.revokedCertificates.find(crlSerial(2))?.reason, 'keyCompromise');
  t.ok(isCertificateListSignedBy(list, publicKeyOf(house.authorities[0].authority.certificate)));
  t.equal(list.nextUpdate!.getTime() - list.thisUpdate.getTime(), 24 * HOUR * 1000);
  t.equal(house.store.published[0].lastChangeNumber, 6);
  t.match(house.events, [
    { action: 'issue-crl', outcome: 'accepted', subject: 'crl:bronze/complete', details: { crlNumber: 1 } },
  ]);
});

t.test('changes are gathered, then published within seconds', async (t) => {
  const { house, scheduler } = await fixture(t);
  await scheduler.tick();
  house.clock.advanceSeconds(60);
  house.source.add({ serialNumber: crlSerial(1), event: 'revoked', reason: 'superseded' });
  t.strictSame(await scheduler.tick(), [], 'seen');
  house.clock.advanceSeconds(1);
  house.source.add({ serialNumber: crlSerial(2), event: 'revoked', reason: 'superseded' });
  t.strictSame(await scheduler.tick(), [], 'gathered');
  house.clock.advanceSeconds(1);
  t.strictSame(names(await scheduler.tick()), ['complete#2']);
  t.equal(currentList(house).revokedCertificates.count, 2);
  house.clock.advanceSeconds(60);
  t.strictSame(await scheduler.tick(), [], 'nothing more to say');
});

t.test('an issued certificate makes no new CRL', async (t) => {
  const { house, scheduler } = await fixture(t);
  await scheduler.tick();
  house.source.add({ serialNumber: crlSerial(1), event: 'issued' });
  await scheduler.tick();
  house.clock.advanceSeconds(60);
  t.strictSame(await scheduler.tick(), []);
});

t.test('a release takes the entry off again', async (t) => {
  const { house, scheduler } = await fixture(t);
  house.source.add({ serialNumber: crlSerial(1), event: 'held', reason: 'certificateHold' });
  await scheduler.tick();
  house.source.add({ serialNumber: crlSerial(1), event: 'released' });
  await scheduler.tick();
  house.clock.advanceSeconds(2);
  await scheduler.tick();
  t.equal(currentList(house).revokedCertificates.count, 0);
});

t.test('every CRL is issued anew after twelve hours', async (t) => {
  const { house, scheduler } = await fixture(t, { shards: true });
  await scheduler.tick();
  house.clock.advanceSeconds(12 * HOUR - 1);
  t.strictSame(await scheduler.tick(), []);
  house.clock.advanceSeconds(1);
  t.strictSame(names(await scheduler.tick()), [
    'complete#2',
    'shard:0#2',
    'shard:1#2',
    'shard:2#2',
    'shard:3#2',
  ]);
});

t.test('a change re-issues its own shard and no other', async (t) => {
  const { house, scheduler } = await fixture(t, { shards: true });
  await scheduler.tick();
  const serialNumber = crlSerial(6);
  house.source.add({ serialNumber, event: 'revoked', reason: 'superseded' });
  await scheduler.tick();
  house.clock.advanceSeconds(2);
  const shard = shardOf(serialNumber, 4);
  t.strictSame(names(await scheduler.tick()), ['complete#2', `shard:${shard}#2`]);
  const list = currentList(house, { authorityId: 'bronze', kind: 'shard', shard });
  t.ok(list.revokedCertificates.find(serialNumber));
  t.strictSame(list.issuingDistributionPoint?.fullName, [
    { kind: 'uri', value: `http://pki.example/crl/bronze/${shard}.crl` },
  ]);
});

t.test('shards together list what the complete CRL lists', async (t) => {
  const { house, scheduler } = await fixture(t, { shards: true });
  for (let number = 0; number < 500; number += 1) {
    house.source.add({ serialNumber: crlSerial(number * 7), event: 'revoked', reason: 'superseded' });
  }
  await scheduler.tick();
  const serialsOf = (scope: CrlHead['scope']) =>
    Array.from(currentList(house, scope).revokedCertificates, (entry) =>
      Buffer.from(entry.serialNumber).toString('hex'),
    );
  const sharded = [0, 1, 2, 3].flatMap((shard) => serialsOf({ authorityId: 'bronze', kind: 'shard', shard }));
  t.equal(sharded.length, 500);
  t.strictSame(sharded.sort(), serialsOf(COMPLETE).sort());
});

t.test('the CRL in force stays when the signer fails, and the next try waits', async (t) => {
  const { house, scheduler, failures } = await fixture(t);
  await scheduler.tick();
  const { signer } = house.authorities[0].authority;
  const sign = signer.sign.bind(signer);
  house.source.add({ serialNumber: crlSerial(1), event: 'revoked', reason: 'superseded' });
  await scheduler.tick();
  house.clock.advanceSeconds(2);
  signer.sign = () => Promise.reject(new Error('token gone'));
  t.strictSame(await scheduler.tick(), []);
  t.match(failures, [{ message: 'token gone' }]);
  t.equal(house.cache.current(COMPLETE)?.crlNumber, 1);
  house.clock.advanceSeconds(5);
  t.strictSame(await scheduler.tick(), []);
  t.equal(failures.length, 1, 'not tried again yet');
  signer.sign = sign;
  house.clock.advanceSeconds(5);
  t.strictSame(names(await scheduler.tick()), ['complete#3'], 'a number that was taken is not used again');
});

t.test('the CRL in force stays when publishing fails', async (t) => {
  const { house, scheduler, failures } = await fixture(t);
  house.store.failures.push(new Error('disk full'));
  t.strictSame(await scheduler.tick(), []);
  t.match(failures, [{ message: 'disk full' }]);
  t.equal(house.cache.current(COMPLETE), undefined);
  house.clock.advanceSeconds(10);
  t.strictSame(names(await scheduler.tick()), ['complete#2']);
});

t.test("one authority's dead key does not keep another's CRL waiting", async (t) => {
  const house = await memoryCrlHouse();
  const [bronze] = house.authorities;
  const dead = { ...bronze.authority.signer, sign: () => Promise.reject(new Error('token gone')) };
  const silver = { ...bronze, authority: { ...bronze.authority, id: 'silver', signer: dead } };
  house.authorities = [silver, bronze];
  const { scheduler, failures } = await fixture(t, {}, house);
  t.strictSame(names(await scheduler.tick()), ['complete#1']);
  t.equal(house.store.published[0].scope.authorityId, 'bronze');
  t.equal(failures.length, 1);
});

t.test('a clock that was set back publishes nothing until it has caught up', async (t) => {
  const { house, scheduler, failures } = await fixture(t);
  await scheduler.tick();
  house.source.add({ serialNumber: crlSerial(1), event: 'revoked', reason: 'superseded' });
  await scheduler.tick();
  house.clock.advanceSeconds(2);
  house.store.published[0].thisUpdate = new Date(house.clock.now().getTime() + 1000);
  house.cache = new CrlCache(house.store);
  t.strictSame(await scheduler.tick(), []);
  t.match(failures, [{ code: 'crl-clock-behind' }]);
  house.clock.advanceSeconds(10);
  t.strictSame(names(await scheduler.tick()), ['complete#2']);
});

t.test('a process that does not lead issues nothing, and serves what the leader issued', async (t) => {
  const leader = await fixture(t);
  const follower = await fixture(t, {}, { ...leader.house, cache: new CrlCache(leader.house.store) });
  follower.lock.leads = false;
  await leader.scheduler.tick();
  t.strictSame(await follower.scheduler.tick(), []);
  t.equal(follower.house.cache.current(COMPLETE)?.crlNumber, 1);
  t.equal(follower.house.cache.current(COMPLETE)?.etag, leader.house.cache.current(COMPLETE)?.etag);
});

t.test('a change that a dead leader did not publish is published by the next one', async (t) => {
  const dead = await fixture(t, { shards: true });
  await dead.scheduler.tick();
  await dead.scheduler.close();
  const serialNumber = crlSerial(9);
  dead.house.source.add({ serialNumber, event: 'revoked', reason: 'keyCompromise' });
  const next = await fixture(t, {}, { ...dead.house, cache: new CrlCache(dead.house.store) });
  await next.scheduler.tick();
  next.house.clock.advanceSeconds(2);
  t.strictSame(names(await next.scheduler.tick()), ['complete#2', `shard:${shardOf(serialNumber, 4)}#2`]);
  t.ok(currentList(next.house).revokedCertificates.find(serialNumber));
});

t.test('a snapshot that is newer than the position it was read at does no harm', async (t) => {
  const { house, scheduler } = await fixture(t);
  const { source } = house;
  source.add({ serialNumber: crlSerial(1), event: 'held', reason: 'certificateHold' });
  const newest = source.lastChangeNumber.bind(source);
  source.lastChangeNumber = async () => {
    const number = await newest();
    source.lastChangeNumber = newest;
    source.add({ serialNumber: crlSerial(1), event: 'released' });
    source.add({ serialNumber: crlSerial(2), event: 'revoked', reason: 'superseded' });
    return number;
  };
  await scheduler.tick();
  t.strictSame(
    Array.from(currentList(house).revokedCertificates, ({ serialNumber }) => Buffer.from(serialNumber)),
    listedAfter(source.changes).map(({ serialNumber }) => serialNumber),
  );
});

t.test('a history that cannot be read is reported and read again', async (t) => {
  const { house, scheduler, failures } = await fixture(t);
  const changesAfter = house.source.changesAfter.bind(house.source);
  house.source.changesAfter = () => Promise.reject(new Error('database gone'));
  t.strictSame(await scheduler.tick(), []);
  t.match(failures, [{ message: 'database gone' }]);
  house.source.changesAfter = changesAfter;
  house.clock.advanceSeconds(10);
  t.strictSame(names(await scheduler.tick()), ['complete#1']);
});

t.test('two leaders at once: the store refuses the slower one, and numbers only grow', async (t) => {
  const one = await fixture(t);
  const other = await fixture(t, {}, { ...one.house, cache: new CrlCache(one.house.store) });
  const { signer } = one.house.authorities[0].authority;
  const sign = signer.sign.bind(signer);
  signer.sign = async (message) => {
    // While the first leader signs number 1, the second signs and publishes number 2.
    signer.sign = sign;
    await other.scheduler.tick();
    return sign(message);
  };
  t.strictSame(await one.scheduler.tick(), []);
  t.match(one.failures, [{ code: 'crl-number-taken' }]);
  t.strictSame(names(one.house.store.published), ['complete#2']);
});
