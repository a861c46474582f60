import t from 'tap';

import { ManualClock } from '../../core/clock.ts';
import type { OcspError } from '../../ocsp/ocsp-error.ts';
import { StatusFollower } from '../../ocsp/status-follower.ts';
import type { StatusFollowerOptions } from '../../ocsp/status-follower.ts';
import { MemoryStatusSource } from '../support/memory-status-source.ts';
import type { NewChange } from '../support/memory-status-source.ts';

const NOON = new Date('2026-06-15T12:00:00Z');
const A = Buffer.from('0a', 'hex');
const B = Buffer.from('0b', 'hex');

t.test('loads what there is and knows since when it is current', async (t) => {
  const { source, clock, load } = house();
  source.commit(issue(A));
  source.commit(hold(A));
  source.commit(issue(B, 'silver'));
  const follower = await load();
  t.equal(statusOf(follower, A), 'revoked');
  t.equal(statusOf(follower, A, 'silver'), 'never issued');
  t.equal(statusOf(follower, B, 'silver'), 'good');
  t.equal(follower.lastChangeNumber, 3);
  t.strictSame(follower.confirmedAt, clock.now());
});

t.test('loads an empty history', async (t) => {
  const { clock, load } = house();
  const follower = await load();
  t.equal(follower.lastChangeNumber, 0);
  t.strictSame(follower.confirmedAt, clock.now());
});

t.test('passes over the authorities that it does not follow', async (t) => {
  const { source, load } = house();
  const follower = await load();
  source.commit(issue(A, 'platinum'));
  await follower.catchUp();
  t.equal(follower.lastChangeNumber, 1);
  t.throws(() => follower.indexOf('platinum'), { code: 'authority-unknown' });
});

t.test('loses nothing that is committed while it loads', async (t) => {
  const { source, load } = house();
  source.commit(issue(A));
  source.onLoaded = () => {
    source.onLoaded = () => undefined;
    source.commit(hold(A));
    source.commit(issue(B));
  };
  const follower = await load();
  t.equal(statusOf(follower, A), 'revoked');
  t.equal(statusOf(follower, B), 'good');
  t.equal(follower.lastChangeNumber, 3);
});

t.test('reads on until nothing new is left', async (t) => {
  const { source, load } = house();
  const follower = await load();
  for (let number = 0; number < 2500; number += 1)
    source.commit(issue(Buffer.from([1, number >> 8, number & 255])));
  await follower.catchUp();
  t.equal(follower.lastChangeNumber, 2500);
  t.equal(follower.indexOf('bronze').size, 2500);
});

t.test('is current as of the moment before it asked', async (t) => {
  const { source, clock, load } = house();
  const follower = await load();
  let answer: () => void = () => undefined;
  source.delay = new Promise((resolve) => (answer = resolve));
  const caughtUp = follower.catchUp();
  await untilRead(source);
  clock.advanceSeconds(5);
  answer();
  await caughtUp;
  t.strictSame(follower.confirmedAt, NOON);
});

t.test('reads once more for a commit that came after a read had begun', async (t) => {
  const { source, load } = house();
  const follower = await load();
  let answer: () => void = () => undefined;
  source.delay = new Promise((resolve) => (answer = resolve));
  const before = follower.catchUp();
  await untilRead(source);
  source.commit(issue(A));
  const after = follower.catchUp();
  const alsoAfter = follower.catchUp();
  answer();
  await before;
  t.equal(statusOf(follower, A), 'never issued');
  await Promise.all([after, alsoAfter]);
  t.equal(statusOf(follower, A), 'good');
  t.equal(source.reads, 3, 'one for the load, one under way, one for all who wait');
});

t.test('keeps what it knows while the source fails, and says since when', async (t) => {
  const { source, clock, load } = house();
  source.commit(issue(A));
  const follower = await load();
  source.failure = new Error('connection refused');
  clock.advanceSeconds(60);
  await t.rejects(follower.catchUp(), {
    code: 'status-source-failed',
    cause: { message: 'connection refused' },
  });
  t.equal(statusOf(follower, A), 'good');
  t.strictSame(follower.confirmedAt, NOON);
  source.failure = undefined;
  source.commit(hold(A));
  await follower.catchUp();
  t.equal(statusOf(follower, A), 'revoked');
  t.strictSame(follower.confirmedAt, clock.now());
});

t.test('does not start on a source that fails', async (t) => {
  const { source, load } = house();
  source.failure = new Error('connection refused');
  await t.rejects(load(), { code: 'status-source-failed' });
});

t.test('does not take a history that was rolled back for one without news', async (t) => {
  const { source, clock, load } = house();
  source.commit(issue(A));
  source.commit(hold(A));
  const follower = await load();
  const [undone] = source.changes.splice(1);
  clock.advanceSeconds(1);
  await t.rejects(follower.catchUp(), { code: 'status-history-broken' });
  t.strictSame(follower.confirmedAt, NOON);
  t.equal(statusOf(follower, A), 'revoked', 'a revocation is not undone by losing it');
  source.changes.push(undone);
  await follower.catchUp();
  t.strictSame(follower.confirmedAt, clock.now(), 'a replica that lagged has caught up');
});

t.test('does not go on with a history that was rolled back and written on', async (t) => {
  const { source, clock, load } = house();
  source.commit(issue(A));
  const follower = await load();
  source.commit(hold(A));
  await follower.catchUp();
  source.changes.pop();
  source.commit(issue(B));
  source.commit(hold(B));
  clock.advanceSeconds(1);
  await t.rejects(follower.catchUp(), { code: 'status-history-broken' });
  t.strictSame(follower.confirmedAt, NOON);
  t.equal(statusOf(follower, B), 'never issued');
});

t.test('does not go on over a gap', async (t) => {
  const { source, load } = house();
  const follower = await load();
  source.commit(issue(A));
  source.changes[0] = { ...source.changes[0], changeNumber: 2 };
  await t.rejects(follower.catchUp(), { code: 'status-history-broken' });
  t.equal(follower.lastChangeNumber, 0);
});

t.test('looks again after each pause until it is stopped', async (t) => {
  const { source, load } = house();
  const stop = new AbortController();
  const pauses: number[] = [];
  const follower = await load({
    pollMilliseconds: 250,
    wait: async (milliseconds) => {
      pauses.push(milliseconds);
      if (pauses.length === 1) source.commit(issue(A));
      if (pauses.length === 3) stop.abort();
    },
  });
  await follower.follow(stop.signal);
  t.strictSame(pauses, [250, 250, 250]);
  t.equal(statusOf(follower, A), 'good');
});

t.test('ends its pause when it is stopped', async (t) => {
  const { load } = house();
  const stop = new AbortController();
  const follower = await load({ pollMilliseconds: 3_600_000 });
  const following = follower.follow(stop.signal);
  setImmediate(() => stop.abort());
  await following;
  t.pass();
});

t.test('looks at the source when it is woken', async (t) => {
  const { source, load } = house();
  const follower = await load();
  source.commit(issue(A));
  follower.wake();
  await follower.catchUp();
  t.equal(statusOf(follower, A), 'good');
});

t.test('tells a fault once, and when it is over', async (t) => {
  const { source, faults, load } = house();
  const stop = new AbortController();
  let pauses = 0;
  const follower = await load({
    wait: async () => {
      pauses += 1;
      source.failure = pauses < 4 ? new Error('connection refused') : undefined;
      if (pauses === 6) stop.abort();
    },
  });
  await follower.follow(stop.signal);
  t.strictSame(
    faults.map((fault) => fault?.code),
    ['status-source-failed', undefined],
  );
});

function house() {
  const source = new MemoryStatusSource();
  const clock = new ManualClock(NOON);
  const faults: (OcspError | undefined)[] = [];
  const load = (overrides: Partial<StatusFollowerOptions> = {}) =>
    StatusFollower.load({
      source,
      authorityIds: ['bronze', 'silver'],
      clock,
      onFault: (fault) => faults.push(fault),
      ...overrides,
    });
  return { source, clock, faults, load };
}

function statusOf(follower: StatusFollower, serialNumber: Buffer, authorityId = 'bronze'): string {
  const index = follower.indexOf(authorityId);
  const place = index.find(serialNumber);
  return place < 0 ? 'never issued' : index.statusAt(place).kind;
}

/** Until the read that is to be held back has looked at the history. */
async function untilRead(source: MemoryStatusSource): Promise<void> {
  while (source.delay) await new Promise(setImmediate);
}

function issue(serialNumber: Buffer, authorityId = 'bronze'): NewChange {
  const issued = { certHash: Buffer.alloc(32), notAfter: new Date('2027-01-01T00:00:00Z') };
  return { authorityId, serialNumber, event: 'issued', effectiveAt: NOON, issued };
}

function hold(serialNumber: Buffer): NewChange {
  return { authorityId: 'bronze', serialNumber, event: 'held', effectiveAt: NOON, reason: 'certificateHold' };
}
