import t from 'tap';

import { ManualClock } from '../../core/clock.ts';
import { RevocationVisibility } from '../../ocsp/revocation-visibility.ts';
import type { SourcedStatusChange } from '../../ocsp/status-source.ts';
import { FixtureOcsp } from '../support/fixture-ocsp.ts';

const NOON = new Date('2026-06-15T12:00:00Z');

t.test('measures holds and revocations from their commit', (t) => {
  const { visibility, seconds } = house();
  visibility.observe([
    change('held', 0.25),
    change('released', 9),
    change('issued', 9),
    change('revoked', 1),
  ]);
  t.strictSame(seconds, [0.25, 1]);
  t.notOk(visibility.isAlarming, 'one second is in time');
  t.end();
});

t.test(
  'takes a change from the future of another clock for one of now, and passes over one without time',
  (t) => {
    const { visibility, seconds } = house();
    visibility.observe([change('held', -0.5), { ...change('held', 9), recordedAt: undefined }]);
    t.strictSame(seconds, [0]);
    t.end();
  },
);

t.test('alarms for five minutes after a revocation that was late', (t) => {
  const { visibility, clock, status } = house();
  visibility.observe([change('revoked', 1.001)]);
  for (const [passed, isAlarming] of [
    [0, true],
    [299, true],
    [1, false],
  ] as const) {
    clock.advanceSeconds(passed);
    status.confirmedAt = clock.now();
    t.equal(visibility.isAlarming, isAlarming, `${passed}`);
  }
  t.end();
});

t.test('alarms while nobody can say whether something is late', (t) => {
  const { visibility, clock, status } = house();
  clock.advanceSeconds(5);
  t.equal(visibility.confirmedAgeSeconds, 5);
  t.notOk(visibility.isAlarming);
  clock.advanceSeconds(0.001);
  t.ok(visibility.isAlarming);
  status.confirmedAt = undefined;
  t.equal(visibility.confirmedAgeSeconds, Infinity);
  t.ok(visibility.isAlarming);
  t.end();
});

t.test('the follower tells what has become visible, and nothing of what it loaded', async (t) => {
  const seen: string[][] = [];
  const house = await FixtureOcsp.create({
    onVisible: (changes) => seen.push(changes.map(({ event }) => event)),
  });
  const certificate = await house.issue();
  await house.change(certificate, 'held', 'certificateHold');
  await house.follower.catchUp();
  t.strictSame(seen, [['issued'], ['held']]);
});

function house() {
  const clock = new ManualClock(NOON);
  const seconds: number[] = [];
  const visibility = new RevocationVisibility({ clock, onSeconds: (one) => seconds.push(one) });
  const status: { confirmedAt: Date | undefined } = { confirmedAt: NOON };
  visibility.watch(status);
  return { visibility, clock, status, seconds };
}

/** Written so many seconds before noon. */
function change(event: SourcedStatusChange['event'], secondsAgo: number): SourcedStatusChange {
  return {
    changeNumber: 1,
    authorityId: 'bronze',
    serialNumber: Buffer.from([1]),
    event,
    effectiveAt: NOON,
    recordedAt: new Date(NOON.getTime() - secondsAgo * 1000),
  };
}
