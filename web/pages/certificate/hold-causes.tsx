import type { HoldCause } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { actorName, reasonName } from '../../parts/code-names.ts';
import { Notice } from '../../parts/notice.tsx';

/** Why a certificate is on hold; it stays so until the last cause is lifted. */
export function HoldCauses({ causes }: { causes: readonly HoldCause[] }) {
  const { t, format } = useSpeech();
  if (causes.length === 0) return null;
  return (
    <Notice tone="warn" title={t('certificate.causes')}>
      {causes.map(({ cause, laidAt, laidBy }) => (
        <span key={`${cause}-${laidAt}`} style={{ display: 'block' }}>
          {`${reasonName(cause, t)} — ${format.instant(laidAt)}، ${t('certificate.by', { who: actorName(laidBy, t) })}`}
        </span>
      ))}
    </Notice>
  );
}
