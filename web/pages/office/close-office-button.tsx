import { Button } from '@mantine/core';
import { useState } from 'react';

import { useChangeOffice } from '../../client/offices.ts';
import type { Office } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

export function CloseOfficeButton({ office }: { office: Office }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const change = useChangeOffice(office.id);
  const isClosed = office.closedAt !== undefined;
  if (isClosed) {
    return (
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate({ closed: false })}>
        {t('offices.reopen')}
      </Button>
    );
  }
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('offices.close')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('offices.close-title')}
        action={t('offices.close')}
        isDangerous
        isPending={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ closed: true }, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t('offices.close-text')}
      </ConfirmDialog>
    </>
  );
}
