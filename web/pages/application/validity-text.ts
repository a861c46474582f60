import { parseDuration } from '../../../core/duration.ts';
import type { Translate } from '../../i18n/language-context.tsx';

/** A duration in words: `P1Y` is one year. */
export function validityText(duration: string, t: Translate): string {
  const { years, months, days } = parseDuration(duration);
  const parts = [
    years === 1 ? t('duration.year') : years > 1 && t('duration.years', { count: years }),
    months > 0 && t('duration.months', { count: months }),
    days > 0 && t('duration.days', { count: days }),
  ];
  return parts.filter((part) => part !== false).join(' ');
}
