import type { Translate } from '../../i18n/language-context.tsx';

/** How long ago something was, in the unit that says it best. */
export function ageText(seconds: number, t: Translate): string {
  if (seconds < 90) return t('dashboard.seconds-ago', { count: Math.round(seconds) });
  if (seconds < 5400) return t('dashboard.minutes-ago', { count: Math.round(seconds / 60) });
  return t('dashboard.hours-ago', { count: Math.round(seconds / 3600) });
}
