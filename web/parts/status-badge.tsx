import type { IconName } from '../app/icons.tsx';
import { systemClock } from '../../core/clock.ts';
import type { CertificateStatus } from '../client/types.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Badge } from './badge.tsx';
import { standingOf } from './certificate-standing.ts';
import type { Standing } from './certificate-standing.ts';
import type { Tone } from './notice.tsx';

const LOOKS: Record<Standing, { tone: Tone; icon: IconName }> = {
  valid: { tone: 'good', icon: 'check' },
  expired: { tone: 'quiet', icon: 'wait' },
  revoked: { tone: 'bad', icon: 'cross' },
  'on-hold': { tone: 'warn', icon: 'hold' },
};

export function StatusBadge({ of }: { of: { status: CertificateStatus; notAfter: string } }) {
  const { t } = useSpeech();
  const standing = standingOf(of, systemClock.now());
  const { tone, icon } = LOOKS[standing];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`status.${standing}`)}
    </Badge>
  );
}
