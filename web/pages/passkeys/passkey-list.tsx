import { Button, Stack } from '@mantine/core';
import { useState } from 'react';

import { usePasskeys, useRemovePasskey } from '../../client/sessions.ts';
import type { Passkey } from '../../client/sessions.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';

export function PasskeyList() {
  const passkeys = usePasskeys();
  const { t } = useSpeech();
  return (
    <Answer query={passkeys}>
      {({ items }) => (
        <ItemList items={items} empty={t('passkeys.none')}>
          {(passkey) => <PasskeyRow key={passkey.id} passkey={passkey} />}
        </ItemList>
      )}
    </Answer>
  );
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const { t, format } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const remove = useRemovePasskey();
  const used =
    passkey.lastUsedAt === undefined
      ? t('passkeys.unused')
      : t('passkeys.used', { at: format.instant(passkey.lastUsedAt) });
  return (
    <ItemRow
      title={<bdi>{passkey.name}</bdi>}
      detail={`${t('passkeys.created', { day: format.day(passkey.createdAt) })} · ${used}`}
      action={
        <Button variant="default" size="sm" onClick={() => setAsking(true)}>
          {t('passkeys.remove')}
        </Button>
      }
    >
      <ConfirmDialog
        isOpen={isAsking}
        title={t('passkeys.remove-title', { name: passkey.name })}
        action={t('passkeys.remove')}
        isDangerous
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(passkey.id, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <Stack>{t('passkeys.remove-text')}</Stack>
      </ConfirmDialog>
    </ItemRow>
  );
}
