import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';

/** What somebody should see at once of a party: that nothing is accepted from it, that it cannot ask yet, that it asks by digests. */
export function PartyMarks({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  return (
    <>
      {party.disabledAt && (
        <Badge tone="bad" icon="cross">
          {t('relying-parties.disabled')}
        </Badge>
      )}
      {party.credentials.length === 0 && (
        <Badge tone="warn" icon="warn">
          {t('relying-parties.no-key')}
        </Badge>
      )}
      {party.mayHandInDigests && (
        <Badge tone="warn" icon="warn">
          {t('relying-parties.digests')}
        </Badge>
      )}
    </>
  );
}
