import type { Dashboard } from '../../client/dashboard.ts';
import type { Format } from '../../i18n/format.ts';
import type { Bar } from '../../parts/bar-chart.tsx';

const DAYS_SHOWN = 30;
const MONTHS_SHOWN = 13;
const DAY_MILLISECONDS = 86_400_000;
/** Noon in Iran, where no zone changes the day. */
const NOON = 'T08:30:00Z';

/** The last thirty days, those without any too. */
export function issuanceBars({ at, issuancePerDay }: Dashboard, format: Format): Bar[] {
  return daysUntil(at).map((day) => ({
    key: day,
    label: format.shortDay(`${day}${NOON}`),
    value: sumOf(issuancePerDay, (one) => one.day === day),
  }));
}

/** The same of revocations: compromised keys at the foot, all other reasons on top. */
export function revocationBars({ at, revocationsPerDay }: Dashboard, format: Format): Bar[] {
  const isCompromise = ({ reason }: { reason: string }) => reason === 'keyCompromise';
  return daysUntil(at).map((day) => ({
    key: day,
    label: format.shortDay(`${day}${NOON}`),
    value: sumOf(revocationsPerDay, (one) => one.day === day && isCompromise(one)),
    second: sumOf(revocationsPerDay, (one) => one.day === day && !isCompromise(one)),
  }));
}

/** This month and the twelve after it. */
export function expiryBars({ at, expiriesAhead }: Dashboard, format: Format): Bar[] {
  const [year, month] = tehranDay(new Date(at)).split('-').map(Number);
  return Array.from({ length: MONTHS_SHOWN }, (_, ahead) => {
    const first = new Date(Date.UTC(year, month - 1 + ahead, 1)).toISOString().slice(0, 10);
    return {
      key: first,
      label: format.shortDay(`${first}${NOON}`),
      value: sumOf(expiriesAhead, (one) => one.month === first.slice(0, 7)),
    };
  });
}

export function sumOf<T extends { count: number }>(
  counts: readonly T[],
  isMeant: (one: T) => boolean,
): number {
  return counts.filter(isMeant).reduce((sum, { count }) => sum + count, 0);
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
