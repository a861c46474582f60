import type { IconName } from '../../app/icons.tsx';
import type { CardChange, CardState } from '../../client/cards.ts';
import type { Translate } from '../../i18n/language-context.tsx';
import type { Tone } from '../../parts/notice.tsx';
import type { TimelineItem } from '../../parts/timeline.tsx';

const LOOKS: Partial<Record<CardState, { icon: IconName; tone: Tone }>> = {
  'handed-over': { icon: 'check', tone: 'good' },
  lost: { icon: 'warn', tone: 'bad' },
  'pin-blocked': { icon: 'hold', tone: 'warn' },
  spoiled: { icon: 'cross', tone: 'warn' },
  destroyed: { icon: 'cross', tone: 'quiet' },
};

/** Newest first. */
export function changeItems(changes: readonly CardChange[], t: Translate): TimelineItem[] {
  return changes
    .map((change): TimelineItem => {
      const { icon, tone } = LOOKS[change.to] ?? { icon: 'card' as const, tone: 'calm' as const };
      return {
        key: String(change.version),
        at: change.changedAt,
        icon,
        tone,
        title: t(`card-change.${change.action}`),
        ...(change.note !== undefined && { detail: change.note }),
      };
    })
    .reverse();
}
