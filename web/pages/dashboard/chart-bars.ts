import { gregorianToJalali, jalaliToGregorian } from '../../../core/jalali.ts';
import type { CivilDate } from '../../../core/jalali.ts';
import type { Dashboard } from '../../client/dashboard.ts';
import type { Format } from '../../i18n/format.ts';
import type { Language } from '../../i18n/language.ts';
import type { Bar } from '../../parts/bar-chart.tsx';

const DAYS_SHOWN = 30;
const MONTHS_SHOWN = 13;
const DAY_MILLISECONDS = 86_400_000;
/** Noon in Iran, where no zone changes the day. */
const NOON = 'T08:30:00Z';

/** The last thirty days, those without any too. */
export function issuanceBars({ at, issuancePerDay }: Dashboard, format: Format): Bar[] {
  return dayBars(at, issuancePerDay, format);
}

/** How many certificates were put on hold on each of them; some have been released since. */
export function holdBars({ at, holdsPerDay }: Dashboard, format: Format): Bar[] {
  return dayBars(at, holdsPerDay, format);
}

/** The same of revocations: compromised keys at the foot, all other reasons on top. */
export function revocationBars({ at, revocationsPerDay }: Dashboard, format: Format): Bar[] {
  const isCompromise = ({ reason }: { reason: string }) => reason === 'keyCompromise';
  const [first, others] = [true, false].map((wanted) =>
    dayBars(
      at,
      revocationsPerDay.filter((one) => isCompromise(one) === wanted),
      format,
    ),
  );
  return first.map((bar, index) => ({ ...bar, second: others[index].value }));
}

/** This month and the twelve after it, in the calendar that the page is read in. */
export function expiryBars({ at, expiriesAhead }: Dashboard, format: Format, language: Language): Bar[] {
  const { monthOf, firstOf } = CALENDARS[language];
  const now = monthOf(tehranDay(new Date(at)));
  const counts = new Map<number, number>();
  for (const { day, count } of expiriesAhead)
    counts.set(monthOf(day), (counts.get(monthOf(day)) ?? 0) + count);
  return Array.from({ length: MONTHS_SHOWN }, (_, ahead) => ({
    key: String(now + ahead),
    label: format.shortMonth(`${firstOf(now + ahead)}${NOON}`),
    value: counts.get(now + ahead) ?? 0,
  }));
}

/** Answers a second in each minute of the last hour. */
export function ocspBars({ ocsp }: Dashboard, format: Format): Bar[] {
  return ocsp.lastHour.map(({ at, perSecond }) => ({ key: at, label: format.time(at), value: perSecond }));
}

export function sumOf<T extends { count: number }>(
  counts: readonly T[],
  isMeant: (one: T) => boolean,
): number {
  return counts.filter(isMeant).reduce((sum, { count }) => sum + count, 0);
}

/** Months counted through the years, so that one follows the other by adding one; days are Gregorian, `yyyy-mm-dd`. */
interface MonthCalendar {
  monthOf(day: string): number;
  firstOf(month: number): string;
}

const CALENDARS: Record<Language, MonthCalendar> = {
  fa: calendarOf(gregorianToJalali, jalaliToGregorian),
  en: calendarOf(
    (date) => date,
    (date) => date,
  ),
};

function calendarOf(
  fromGregorian: (date: CivilDate) => CivilDate,
  toGregorian: (date: CivilDate) => CivilDate,
): MonthCalendar {
  return {
    monthOf: (text) => {
      const [year, month, day] = text.split('-').map(Number);
      const there = fromGregorian({ year, month, day });
      return there.year * 12 + there.month - 1;
    },
    firstOf: (month) => {
      const first = toGregorian({ year: Math.floor(month / 12), month: (month % 12) + 1, day: 1 });
      return [first.year, first.month, first.day].map((part) => String(part).padStart(2, '0')).join('-');
    },
  };
}

function dayBars(at: string, counts: readonly { day: string; count: number }[], format: Format): Bar[] {
  return daysUntil(at).map((day) => ({
    key: day,
    label: format.shortDay(`${day}${NOON}`),
    value: sumOf(counts, (one) => one.day === day),
  }));
}

function daysUntil(at: string): string[] {
  const noon = new Date(`${tehranDay(new Date(at))}${NOON}`).getTime();
  return Array.from({ length: DAYS_SHOWN }, (_, index) =>
    new Date(noon - (DAYS_SHOWN - 1 - index) * DAY_MILLISECONDS).toISOString().slice(0, 10),
  );
}

const TEHRAN_DAY = new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
  timeZone: 'Asia/Tehran',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

function tehranDay(instant: Date): string {
  const parts = new Map(TEHRAN_DAY.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}
