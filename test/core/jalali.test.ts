import fc from 'fast-check';
import t from 'tap';

import {
  formatJalali,
  gregorianToJalali,
  jalaliToGregorian,
  parseJalaliDate,
  tehranCivilDate,
} from '../../core/jalali.ts';
import type { CivilDate } from '../../core/jalali.ts';

const dayMilliseconds = 86_400_000;
const refusal = { code: 'jalali-date-malformed' };

t.test('agrees with Intl on every day from 1950 to 2060, both ways', async (t) => {
  const persian = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  let wrong = 0;
  let days = 0;
  for (let time = Date.UTC(1950, 0, 1); time < Date.UTC(2061, 0, 1); time += dayMilliseconds) {
    const jalali = gregorianToJalali(gregorianOf(time));
    // Intl writes month/day/year and the era.
    const expected = persian.format(time).split(' ')[0];
    if (`${jalali.month}/${jalali.day}/${jalali.year}` !== expected) wrong++;
    if (!same(jalaliToGregorian(jalali), gregorianOf(time))) wrong++;
    days++;
  }
  t.equal(days, 40_543);
  t.equal(wrong, 0);
});

t.test('every New Year of 1300 to 1500 agrees with Intl', async (t) => {
  const persian = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', { timeZone: 'UTC', dateStyle: 'short' });
  for (let year = 1300; year <= 1500; year++) {
    const { year: y, month, day } = jalaliToGregorian({ year, month: 1, day: 1 });
    const shown = persian.format(Date.UTC(y, month - 1, day)).split(' ')[0];
    if (shown !== `1/1/${year}`) t.fail(`${year}: ${shown}`);
  }
});

t.test('converts known days', async (t) => {
  const days: readonly (readonly [readonly number[], readonly number[]])[] = [
    [
      [1300, 1, 1],
      [1921, 3, 21],
    ],
    [
      [1348, 10, 11],
      [1970, 1, 1],
    ],
    [
      [1399, 12, 30],
      [2021, 3, 20],
    ],
    [
      [1403, 12, 30],
      [2025, 3, 20],
    ],
    [
      [1404, 1, 1],
      [2025, 3, 21],
    ],
    [
      [1405, 9, 2],
      [2026, 11, 23],
    ],
    [
      [1500, 12, 29],
      [2122, 3, 20],
    ],
  ];
  for (const [jalali, gregorian] of days) {
    t.same(jalaliToGregorian(date(jalali)), date(gregorian));
    t.same(gregorianToJalali(date(gregorian)), date(jalali));
  }
});

t.test('refuses days that do not exist or lie outside 1300 to 1500', async (t) => {
  const jalali = [
    [1299, 12, 29],
    [1501, 1, 1],
    [1405, 0, 1],
    [1405, 13, 1],
    [1405, 1, 0],
    [1405, 6, 32],
    [1405, 7, 31],
    [1404, 12, 30],
    [1403, 12, 31],
    [1405.5, 1, 1],
    [Number.NaN, 1, 1],
  ];
  for (const day of jalali) t.throws(() => jalaliToGregorian(date(day)), refusal, day.join('-'));
  const gregorian = [
    [1921, 3, 20],
    [2122, 3, 21],
    [2026, 2, 29],
    [2026, 13, 1],
    [2026, 1, 0],
    [2026, 1, 1.5],
    [26, 1, 1],
    [Number.NaN, 1, 1],
  ];
  for (const day of gregorian) t.throws(() => gregorianToJalali(date(day)), refusal, day.join('-'));
});

t.test('parses yyyymmdd in ASCII and Persian digits', async (t) => {
  t.same(parseJalaliDate('14050902'), { year: 1405, month: 9, day: 2 });
  t.same(parseJalaliDate('۱۴۰۳۱۲۳۰'), { year: 1403, month: 12, day: 30 });
  for (const text of [
    '',
    '1405092',
    '140509022',
    '1405/9/2',
    '14041230',
    '20261123',
    '00000000',
    '1405 902',
    '+1405902',
  ]) {
    t.throws(() => parseJalaliDate(text), refusal, JSON.stringify(text));
  }
});

t.test('changes the day at midnight in Tehran, with the offset of that year', async (t) => {
  // July 2020 was summer time at +04:30; July 2026 is +03:30.
  t.same(tehranCivilDate(new Date('2020-07-01T19:29:59Z')), date([2020, 7, 1]));
  t.same(tehranCivilDate(new Date('2020-07-01T19:30:00Z')), date([2020, 7, 2]));
  t.same(tehranCivilDate(new Date('2026-07-01T20:29:59Z')), date([2026, 7, 1]));
  t.same(tehranCivilDate(new Date('2026-07-01T20:30:00Z')), date([2026, 7, 2]));
  t.equal(formatJalali(new Date('2026-11-22T20:29:59Z')), '14050901');
  t.equal(formatJalali(new Date('2026-11-22T20:30:00Z')), '14050902');
  t.equal(formatJalali(new Date('2025-03-20T20:29:59Z')), '14031230');
  t.equal(formatJalali(new Date('2025-03-20T20:30:00Z')), '14040101');
});

t.test('what formatJalali writes, parseJalaliDate reads as the same Tehran day', async () => {
  const instant = fc.date({ min: new Date('1950-01-01'), max: new Date('2060-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, (moment) =>
      same(jalaliToGregorian(parseJalaliDate(formatJalali(moment))), tehranCivilDate(moment)),
    ),
  );
});

function date([year, month, day]: readonly number[]): CivilDate {
  return { year, month, day };
}

function gregorianOf(time: number): CivilDate {
  const midnight = new Date(time);
  return { year: midnight.getUTCFullYear(), month: midnight.getUTCMonth() + 1, day: midnight.getUTCDate() };
}

function same(a: CivilDate, b: CivilDate): boolean {
  return a.year === b.year && a.month === b.month && a.day === b.day;
}
