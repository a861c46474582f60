import type { IconName } from '../app/icons.tsx';
import type { CardState } from '../client/cards.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Badge } from './badge.tsx';
import type { Tone } from './notice.tsx';

const LOOKS: Record<CardState, { tone: Tone; icon: IconName }> = {
  received: { tone: 'quiet', icon: 'delivery' },
  'in-stock': { tone: 'calm', icon: 'card' },
  reserved: { tone: 'calm', icon: 'wait' },
  personalised: { tone: 'calm', icon: 'wait' },
  'handed-over': { tone: 'good', icon: 'check' },
  'pin-blocked': { tone: 'warn', icon: 'hold' },
  lost: { tone: 'bad', icon: 'warn' },
  spoiled: { tone: 'warn', icon: 'cross' },
  replaced: { tone: 'quiet', icon: 'refresh' },
  destroyed: { tone: 'quiet', icon: 'cross' },
};

export function CardStateBadge({ state }: { state: CardState }) {
  const { t } = useSpeech();
  const { tone, icon } = LOOKS[state];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`card-state.${state}`)}
    </Badge>
  );
}
