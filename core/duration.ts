import type { CoreErrorCode } from './core-error.ts';
import { DomainError } from './errors.ts';

/** A span of calendar years, months and days, and of seconds; hours and minutes are in the seconds. */
export type Duration = {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
};

// Digit counts are bounded so that every sum with a four-digit year stays inside the range of Date.
const isoDuration =
  /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,6})D)?(T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/;

const durationCharactersMax = 48;
const monthsPerYear = 12;

/** Reads an ISO 8601 duration of whole units without weeks (`P2Y`, `P90D`, `PT10M`); refuses with `duration-malformed`. */
export function parseDuration(text: string): Duration {
  const match = text.length <= durationCharactersMax ? isoDuration.exec(text) : null;
  // Both a bare "P" and a bare "T" match the expression, and neither is a duration.
  if (!match || text === 'P' || match[4] === 'T') {
    throw new DomainError<CoreErrorCode>(
      'duration-malformed',
      'a duration is written like P2Y, P90D or PT12H',
    );
  }
  const [years, months, days, , hours, minutes, seconds] = match
    .slice(1)
    .map((digits: string | undefined) => Number(digits ?? 0));
  return { years, months, days, seconds: hours * 3600 + minutes * 60 + seconds };
}

/**
 * The instant a duration later, by the UTC calendar: years and months first, keeping the day of the month or, where the
 * month is too short, its last day (a year after 29 February is 28 February); then days and seconds.
 */
export function addDuration(date: Date, duration: Duration): Date {
  const months = date.getUTCMonth() + duration.years * monthsPerYear + duration.months;
  const year = date.getUTCFullYear() + Math.floor(months / monthsPerYear);
  const month = months % monthsPerYear;
  const result = new Date(date.getTime());
  result.setUTCFullYear(year, month, Math.min(date.getUTCDate(), monthLength(year, month)));
  result.setUTCDate(result.getUTCDate() + duration.days);
  result.setTime(result.getTime() + duration.seconds * 1000);
  return result;
}

/** Days in a month 0..11 of the Gregorian calendar. */
function monthLength(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month];
}
