import type { IconName } from '../../app/icons.tsx';
import type { HolderFile, TimelineEvent } from '../../client/types.ts';
import type { Translate } from '../../i18n/language-context.tsx';
import { actorName, reasonName } from '../../parts/code-names.ts';
import type { Tone } from '../../parts/notice.tsx';
import type { TimelineItem } from '../../parts/timeline.tsx';

const LOOKS: Record<TimelineEvent, { tone: Tone; icon: IconName }> = {
  'application-filed': { tone: 'calm', icon: 'file' },
  'application-decided': { tone: 'calm', icon: 'shield' },
  issued: { tone: 'good', icon: 'certificate' },
  held: { tone: 'warn', icon: 'hold' },
  released: { tone: 'good', icon: 'check' },
  revoked: { tone: 'bad', icon: 'cross' },
  expires: { tone: 'quiet', icon: 'wait' },
  'cause-laid': { tone: 'warn', icon: 'warn' },
  'cause-lifted': { tone: 'quiet', icon: 'check' },
};

type Entry = HolderFile['timeline'][number];

/** The file's events, newest first; what is still to come is called so. */
export function timelineItems(entries: readonly Entry[], now: Date, t: Translate): TimelineItem[] {
  return entries.toReversed().map((entry, index) => {
    const detail = detailOf(entry, t);
    const isPast = new Date(entry.at) < now;
    return {
      key: `${entry.at}-${entry.event}-${index}`,
      at: entry.at,
      ...LOOKS[entry.event],
      title: t(entry.event === 'expires' && isPast ? 'timeline.expired' : `timeline.${entry.event}`),
      ...(detail !== '' && { detail }),
    };
  });
}

function detailOf({ event, reason, state, by }: Entry, t: Translate): string {
  const parts = [
    reason !== undefined && reason !== 'certificateHold' && reasonName(reason, t),
    event === 'application-decided' && state !== undefined && t(`state.${state}`),
    by !== undefined && t('certificate.by', { who: actorName(by, t) }),
  ];
  return parts.filter((part) => part !== false).join(' · ');
}
