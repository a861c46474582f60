import type { BlockOutcome } from '../../client/self-service.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';

export function BlockOutcomeNotice({ outcome: { held, revoked } }: { outcome: BlockOutcome }) {
  const { t } = useSpeech();
  if (held + revoked === 0) return <Notice tone="calm">{t('block.done-nothing')}</Notice>;
  const text =
    revoked > 0 ? t('block.done-revoked', { count: revoked }) : t('block.done-held', { count: held });
  return (
    <Notice tone="good" title={t('block.done-title')}>
      {text}
    </Notice>
  );
}
