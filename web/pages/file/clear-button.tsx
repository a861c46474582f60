import { Button } from '@mantine/core';
import { useState } from 'react';

import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

export function ClearButton({ isDisabled, onClear }: { isDisabled: boolean; onClear: () => void }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const clear = () => {
    onClear();
    setAsking(false);
  };
  return (
    <>
      <Button variant="default" size="sm" disabled={isDisabled} onClick={() => setAsking(true)}>
        {t('file.clear')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('file.clear-title')}
        action={t('file.clear')}
        isDangerous
        isPending={false}
        error={null}
        onConfirm={clear}
        onClose={() => setAsking(false)}
      >
        {t('file.clear-text')}
      </ConfirmDialog>
    </>
  );
}
