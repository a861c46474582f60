import fc from 'fast-check';
import t from 'tap';

import { addDuration, parseDuration } from '../../core/duration.ts';

t.test('reads calendar and clock units', async (t) => {
  const zero = { years: 0, months: 0, days: 0, seconds: 0 };
  t.same(parseDuration('P2Y'), { ...zero, years: 2 });
  t.same(parseDuration('P90D'), { ...zero, days: 90 });
  t.same(parseDuration('PT12H'), { ...zero, seconds: 43_200 });
  t.same(parseDuration('PT10M'), { ...zero, seconds: 600 });
  t.same(parseDuration('P1Y2M3DT4H5M6S'), { years: 1, months: 2, days: 3, seconds: 14_706 });
  t.same(parseDuration('P6M'), { ...zero, months: 6 }, 'M before T is months');
  t.same(parseDuration('PT0S'), zero);
});

t.test('refuses anything else', async (t) => {
  const bad = [
    '',
    'P',
    'PT',
    'P1YT',
    '1Y',
    'P1',
    'p1y',
    'P-1Y',
    '-P1Y',
    'P1.5Y',
    'P1D1Y',
    'P1W',
    'PT1D',
    ' P1Y',
    'P1Y\n',
  ];
  for (const text of [...bad, 'P12345Y', 'P۱Y', `P${'1'.repeat(1_000_000)}`]) {
    t.throws(() => parseDuration(text), { code: 'duration-malformed' }, JSON.stringify(text.slice(0, 12)));
  }
});

t.test('adds years and months by the calendar, and clamps to the last day of the month', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['2026-11-23T10:20:30.400Z', 'P1Y', '2027-11-23T10:20:30.400Z'],
    ['2028-02-29T23:59:59.000Z', 'P1Y', '2029-02-28T23:59:59.000Z'],
    ['2028-02-29T00:00:00.000Z', 'P4Y', '2032-02-29T00:00:00.000Z'],
    ['2096-02-29T00:00:00.000Z', 'P4Y', '2100-02-28T00:00:00.000Z'],
    ['1996-02-29T00:00:00.000Z', 'P4Y', '2000-02-29T00:00:00.000Z'],
    ['2026-01-31T00:00:00.000Z', 'P1M', '2026-02-28T00:00:00.000Z'],
    ['2026-08-31T00:00:00.000Z', 'P1M', '2026-09-30T00:00:00.000Z'],
    ['2026-11-30T00:00:00.000Z', 'P3M', '2027-02-28T00:00:00.000Z'],
    ['2026-12-31T00:00:00.000Z', 'P1M', '2027-01-31T00:00:00.000Z'],
    ['2026-01-31T00:00:00.000Z', 'P1M1D', '2026-03-01T00:00:00.000Z'],
    ['2026-11-23T00:00:00.000Z', 'P90D', '2027-02-21T00:00:00.000Z'],
    ['2026-12-31T23:59:50.000Z', 'PT10M', '2027-01-01T00:09:50.000Z'],
  ];
  for (const [from, duration, expected] of cases) {
    t.equal(
      addDuration(new Date(from), parseDuration(duration)).toISOString(),
      expected,
      `${from} + ${duration}`,
    );
  }
});

t.test('does not change the date that it is given', async (t) => {
  const date = new Date('2026-11-23T00:00:00Z');
  addDuration(date, parseDuration('P1Y2M3DT4H'));
  t.equal(date.toISOString(), '2026-11-23T00:00:00.000Z');
});

t.test('a later start never ends earlier, and no duration moves back', async () => {
  const instant = fc.date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  const duration = fc.record({
    years: fc.nat(30),
    months: fc.nat(30),
    days: fc.nat(500),
    seconds: fc.nat(1_000_000),
  });
  fc.assert(
    fc.property(instant, instant, duration, (a, b, d) => {
      const [first, second] = a <= b ? [a, b] : [b, a];
      return addDuration(first, d) <= addDuration(second, d) && addDuration(first, d) >= first;
    }),
  );
});
