import type { IconName } from '../app/icons.tsx';
import type { ApplicationState } from '../client/types.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Badge } from './badge.tsx';
import type { Tone } from './notice.tsx';

const LOOKS: Record<ApplicationState, { tone: Tone; icon: IconName }> = {
  draft: { tone: 'quiet', icon: 'file' },
  checked: { tone: 'calm', icon: 'check' },
  submitted: { tone: 'calm', icon: 'wait' },
  approved: { tone: 'good', icon: 'check' },
  rejected: { tone: 'bad', icon: 'cross' },
  withdrawn: { tone: 'quiet', icon: 'cross' },
  activation: { tone: 'warn', icon: 'wait' },
  issued: { tone: 'good', icon: 'certificate' },
  accepted: { tone: 'good', icon: 'check' },
  expired: { tone: 'quiet', icon: 'wait' },
};

export function StateBadge({ state }: { state: ApplicationState }) {
  const { t } = useSpeech();
  const { tone, icon } = LOOKS[state] ?? LOOKS.draft;
  return (
    <Badge tone={tone} icon={icon}>
      {t(`state.${state}`)}
    </Badge>
  );
}
