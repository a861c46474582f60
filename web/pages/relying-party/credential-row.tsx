import { Button } from '@mantine/core';
import { useState } from 'react';

import { useRemoveRelyingPartyCredential } from '../../client/relying-parties.ts';
import type { RelyingParty, RelyingPartyCredential } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ItemRow } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';

interface CredentialRowProps {
  party: RelyingParty;
  credential: RelyingPartyCredential;
  mayRemove: boolean;
}

export function CredentialRow({ party, credential, mayRemove }: CredentialRowProps) {
  const { t, format } = useSpeech();
  const { kind, keyId, addedAt, notAfter } = credential;
  return (
    <ItemRow
      title={t(`relying-party.kind-${kind}`)}
      detail={
        <>
          <Latin code>{keyId}</Latin>
          <br />
          {t('relying-party.added', { at: format.instant(addedAt) })}
          {notAfter && (
            <>
              {t('app.comma')}
              {t('relying-party.until', { at: format.instant(notAfter) })}
            </>
          )}
        </>
      }
      action={mayRemove && <RemoveButton party={party} credential={credential} />}
    />
  );
}

function RemoveButton({ party, credential }: Omit<CredentialRowProps, 'mayRemove'>) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const remove = useRemoveRelyingPartyCredential(party.id);
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setAsking(true)}>
        {t('relying-party.remove')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('relying-party.remove-title', { name: `\u2068${party.displayedName}\u2069` })}
        action={t('relying-party.remove')}
        isDangerous
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(credential)}
        onClose={() => setAsking(false)}
      >
        {t('relying-party.remove-text')}
      </ConfirmDialog>
    </>
  );
}
