import type { CoreErrorCode } from './core-error.ts';
import { isAsciiDigits, toAsciiDigits } from './digits.ts';
import { DomainError } from './errors.ts';

// The solar calendar by its 33-year cycle of eight leap years. The calendar itself follows the equinox, and the two first
// part in 1502: the years below stop before that.

/** A day by year, month 1..12 and day of month, in the calendar that the name of its bearer says. */
export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

/** First and last Jalali year in which the cycle is right: 1921-03-21 to 2122-03-20 in the Gregorian calendar. */
const jalaliYearMin = 1300;
const jalaliYearMax = 1500;

const dayMilliseconds = 86_400_000;

/** 1 Farvardin of the year 1 by the cycle, in days from 1970-01-01. */
const cycleEpochDay = -492_268;

/** Tehran has been between these since the zone was made. */
const tehranOffsetMinutesMin = 180;
const tehranOffsetMinutesMax = 300;

const tehranDay = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
  timeZone: 'Asia/Tehran',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
});

/** The Gregorian day of a Jalali one in 1300–1500; refuses with `jalali-date-malformed` a day that does not exist. */
export function jalaliToGregorian(date: CivilDate): CivilDate {
  if (!isJalaliDay(date))
    throw malformed(`not a Jalali day of the years ${jalaliYearMin} to ${jalaliYearMax}`);
  return gregorianOf(firstDayOf(date.year) + daysBeforeMonth(date.month) + date.day - 1);
}

/** The Jalali day of a Gregorian one from 1921-03-21 to 2122-03-20; refuses with `jalali-date-malformed` any other. */
export function gregorianToJalali(date: CivilDate): CivilDate {
  const epochDay = Date.UTC(date.year, date.month - 1, date.day) / dayMilliseconds;
  if (!(epochDay >= firstDayOf(jalaliYearMin) && epochDay < firstDayOf(jalaliYearMax + 1))) {
    throw malformed(`not a Gregorian day of the Jalali years ${jalaliYearMin} to ${jalaliYearMax}`);
  }
  const { year, month, day } = gregorianOf(epochDay);
  // Date.UTC carries 30 February over into March.
  if (year !== date.year || month !== date.month || day !== date.day) throw malformed('not a Gregorian day');
  return jalaliOf(epochDay, year);
}

/** Reads eight ASCII or Persian digits `yyyymmdd` of the years 1300–1500; refuses with `jalali-date-malformed`. */
export function parseJalaliDate(text: string): CivilDate {
  if (text.length !== 8) throw malformed(`a Jalali date is eight digits, not ${text.length} characters`);
  const digits = toAsciiDigits(text);
  if (!isAsciiDigits(digits)) throw malformed('a Jalali date is eight digits');
  const date = { year: +digits.slice(0, 4), month: +digits.slice(4, 6), day: +digits.slice(6) };
  if (!isJalaliDay(date))
    throw malformed(`not a Jalali day of the years ${jalaliYearMin} to ${jalaliYearMax}`);
  return date;
}

/** The Jalali day `yyyymmdd` that the calendars in Tehran show at an instant; refuses as `gregorianToJalali`. */
export function formatJalali(date: Date): string {
  const { year, month, day } = gregorianToJalali(tehranCivilDate(date));
  return `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
}

/**
 * The instant at which a Gregorian day begins in Asia/Tehran. Looked for in the zone's own calendar, since its offset was another
 * one in the summers until 2022.
 */
export function tehranMidnight({ year, month, day }: CivilDate): Date {
  const midnight = Date.UTC(year, month - 1, day);
  for (let minutes = tehranOffsetMinutesMin; minutes <= tehranOffsetMinutesMax; minutes += 15) {
    const instant = new Date(midnight - minutes * 60_000);
    const before = new Date(instant.getTime() - 1);
    if (tehranCivilDate(instant).day === day && tehranCivilDate(before).day !== day) return instant;
  }
  throw malformed('not a day of Tehran');
}

/** The Gregorian day in Asia/Tehran at an instant; through the IANA zone, since Iran had summer time until 2022. */
export function tehranCivilDate(date: Date): CivilDate {
  const parts = { year: 0, month: 0, day: 0 };
  for (const { type, value } of tehranDay.formatToParts(date)) {
    if (type === 'year' || type === 'month' || type === 'day') parts[type] = Number(value);
  }
  return parts;
}

function isJalaliDay({ year, month, day }: CivilDate): boolean {
  if (![year, month, day].every(Number.isInteger)) return false;
  if (year < jalaliYearMin || year > jalaliYearMax || month < 1 || month > 12) return false;
  return day >= 1 && day <= monthLength(year, month);
}

function monthLength(year: number, month: number): number {
  if (month <= 6) return 31;
  if (month <= 11) return 30;
  return firstDayOf(year + 1) - firstDayOf(year) - 336;
}

function daysBeforeMonth(month: number): number {
  return month <= 7 ? (month - 1) * 31 : (month - 1) * 30 + 6;
}

/** The day of 1 Farvardin, counted from 1970-01-01. */
function firstDayOf(year: number): number {
  return cycleEpochDay + 365 * (year - 1) + Math.floor((8 * year + 21) / 33);
}

function jalaliOf(epochDay: number, gregorianYear: number): CivilDate {
  // The Jalali year begins about 20 March of the Gregorian year 621 above it.
  let year = gregorianYear - 621;
  if (epochDay < firstDayOf(year)) year--;
  const dayOfYear = epochDay - firstDayOf(year);
  const month = dayOfYear < 186 ? Math.floor(dayOfYear / 31) + 1 : Math.floor((dayOfYear - 186) / 30) + 7;
  return { year, month, day: dayOfYear - daysBeforeMonth(month) + 1 };
}

function gregorianOf(epochDay: number): CivilDate {
  const midnight = new Date(epochDay * dayMilliseconds);
  return { year: midnight.getUTCFullYear(), month: midnight.getUTCMonth() + 1, day: midnight.getUTCDate() };
}

function malformed(detail: string): DomainError<CoreErrorCode> {
  return new DomainError<CoreErrorCode>('jalali-date-malformed', detail);
}
