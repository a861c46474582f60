import type { IconName } from '../../app/icons.tsx';
import type { StatusChange, StatusEvent } from '../../client/types.ts';
import type { Translate } from '../../i18n/language-context.tsx';
import { reasonName } from '../../parts/code-names.ts';
import type { Tone } from '../../parts/notice.tsx';
import type { TimelineItem } from '../../parts/timeline.tsx';

export const EVENT_LOOKS: Record<StatusEvent, { tone: Tone; icon: IconName }> = {
  issued: { tone: 'good', icon: 'certificate' },
  held: { tone: 'warn', icon: 'hold' },
  released: { tone: 'good', icon: 'check' },
  revoked: { tone: 'bad', icon: 'cross' },
};

/** The status history, newest first. */
export function historyItems(history: readonly StatusChange[], t: Translate): TimelineItem[] {
  return history.toReversed().map(({ changeNumber, event, effectiveAt, reason }) => ({
    key: String(changeNumber),
    at: effectiveAt,
    ...EVENT_LOOKS[event],
    title: t(`event.${event}`),
    // A hold says it already.
    ...(reason !== undefined && event === 'revoked' && { detail: reasonName(reason, t) }),
  }));
}
