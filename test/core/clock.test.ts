import t from 'tap';

import { ManualClock, systemClock, wholeSeconds } from '../../core/clock.ts';

const noon = '2026-06-15T12:00:00.000Z';

t.test('the system clock moves forward with the machine', async (t) => {
  const before = systemClock.now().getTime();
  t.ok(before > Date.UTC(2026, 0, 1));
  t.ok(systemClock.now().getTime() >= before);
});

t.test('a manual clock stands still until it is moved', async (t) => {
  const clock = new ManualClock(new Date(noon));
  t.equal(clock.now().toISOString(), noon);
  t.equal(clock.now().toISOString(), noon);
  clock.advanceSeconds(90);
  t.equal(clock.now().toISOString(), '2026-06-15T12:01:30.000Z');
  clock.advanceSeconds(-0.5);
  t.equal(clock.now().toISOString(), '2026-06-15T12:01:29.500Z');
  clock.set(new Date('2049-12-31T23:59:59Z'));
  t.equal(clock.now().toISOString(), '2049-12-31T23:59:59.000Z');
});

t.test('a manual clock is not moved by whoever holds one of its dates', async (t) => {
  const start = new Date(noon);
  const clock = new ManualClock(start);
  start.setTime(0);
  clock.now().setTime(0);
  t.equal(clock.now().toISOString(), noon);
  const later = new Date('2027-01-01T00:00:00Z');
  clock.set(later);
  later.setTime(0);
  t.equal(clock.now().toISOString(), '2027-01-01T00:00:00.000Z');
});

t.test('whole seconds drop the fraction, before 1970 too, and leave the given date alone', async (t) => {
  const cases = [
    ['2026-06-15T12:00:00.000Z', '2026-06-15T12:00:00.000Z'],
    ['2026-06-15T12:00:00.001Z', '2026-06-15T12:00:00.000Z'],
    ['2026-06-15T12:00:00.999Z', '2026-06-15T12:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.000Z'],
  ];
  for (const [given, expected] of cases) {
    const instant = new Date(given);
    t.equal(wholeSeconds(instant).toISOString(), expected);
    t.equal(instant.toISOString(), given);
  }
});
