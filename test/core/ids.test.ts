import t from 'tap';

import { ManualClock } from '../../core/clock.ts';
import { isUuid, newId } from '../../core/ids.ts';

// Ids never go back in a process, so each test takes a later year than the one before.

t.test('makes UUIDs of version 7 and the RFC 9562 variant', async (t) => {
  const clock = new ManualClock(new Date('2026-06-15T12:00:00.123Z'));
  for (let i = 0; i < 200; i += 1) {
    const id = newId(clock);
    t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
    t.ok(isUuid(id), id);
    clock.advanceSeconds(1);
  }
});

t.test('puts the milliseconds of the clock first', async (t) => {
  const instant = new Date('2030-01-01T00:00:00.005Z');
  const first = newId(new ManualClock(instant)).replaceAll('-', '').slice(0, 12);
  t.equal(Number.parseInt(first, 16), instant.getTime());
});

t.test('ids sort in the order in which they were made, within one millisecond too', async (t) => {
  const clock = new ManualClock(new Date('2031-01-01T00:00:00Z'));
  const ids: string[] = [];
  // More than the 12 bits of the counter hold.
  for (let i = 0; i < 5000; i += 1) ids.push(newId(clock));
  clock.advanceSeconds(1);
  ids.push(newId(clock));
  t.same(ids.toSorted(), ids);
  t.equal(new Set(ids).size, ids.length);
});

t.test('ids sort in their order when the clock goes back', async (t) => {
  const clock = new ManualClock(new Date('2032-01-01T00:00:00Z'));
  const before = newId(clock);
  clock.advanceSeconds(-3600);
  t.ok(newId(clock) > before);
  clock.advanceSeconds(7200);
  const caughtUp = newId(clock).replaceAll('-', '').slice(0, 12);
  t.equal(Number.parseInt(caughtUp, 16), clock.now().getTime(), 'the clock counts again once it is ahead');
});

t.test('ids made in one millisecond differ in their random part', async (t) => {
  const clock = new ManualClock(new Date('2033-01-01T00:00:00Z'));
  const tails = new Set(Array.from({ length: 1000 }, () => newId(clock).slice(19)));
  t.equal(tails.size, 1000);
});

t.test('knows the form of an id', async (t) => {
  t.ok(isUuid('017f22e2-79b0-7cc3-98c4-dc0c0c07398f'));
  const bad = [
    '',
    '017f22e279b07cc398c4dc0c0c07398f',
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    '{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398ff',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398g',
  ];
  for (const text of bad) t.notOk(isUuid(text), JSON.stringify(text));
});
