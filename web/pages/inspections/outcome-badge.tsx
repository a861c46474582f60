import type { Outcome } from '../../client/inspections.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import type { Tone } from '../../parts/notice.tsx';

const TONES: Record<Outcome, Tone> = { passed: 'good', 'passed-with-findings': 'warn', failed: 'bad' };

export function OutcomeBadge({ outcome }: { outcome: Outcome | undefined }) {
  const { t } = useSpeech();
  if (outcome === undefined) {
    return (
      <Badge tone="calm" icon="wait">
        {t('inspections.running')}
      </Badge>
    );
  }
  return <Badge tone={TONES[outcome]}>{t(`outcome.${outcome}`)}</Badge>;
}
