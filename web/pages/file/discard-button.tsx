import { Button } from '@mantine/core';
import { useState } from 'react';

import { useDiscardDraft } from '../../client/applications.ts';
import type { SavedDraft } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

/** Forgets a draft for everybody; one that a colleague has changed meanwhile stays. */
export function DiscardButton({ seen, onDiscarded }: { seen: SavedDraft; onDiscarded: () => void }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const discard = useDiscardDraft();
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setAsking(true)}>
        {t('file.discard')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('file.discard-title')}
        action={t('file.discard')}
        isDangerous
        isPending={discard.isPending}
        error={discard.error}
        onConfirm={() => discard.mutate(seen, { onSuccess: onDiscarded })}
        onClose={() => setAsking(false)}
      >
        {t('file.discard-text')}
      </ConfirmDialog>
    </>
  );
}
