import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';

import { useRenameOffice } from '../../client/offices.ts';
import type { Office } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

export function RenameOfficeButton({ office }: { office: Office }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [name, setName] = useState(office.name);
  const rename = useRenameOffice(office.id);
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setAsking(true)}>
        {t('offices.rename')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('offices.rename-title')}
        action={t('offices.rename')}
        isPending={rename.isPending}
        isBlocked={name.trim() === ''}
        error={rename.error}
        onConfirm={() => rename.mutate(name.trim(), { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <TextInput
          label={t('offices.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          required
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
