import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';

import { useDecide } from '../../client/applications.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useKeptText } from '../../parts/use-kept-text.ts';

const NOTE_CHARACTERS_MAX = 2000;

/** Rejecting, withdrawing and handing over: asked once more, and the first two with a note. */
export function DecideButton({
  application,
  action,
}: {
  application: Application;
  action: 'reject' | 'withdraw' | 'accept';
}) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [note, setNote] = useKeptText(`${action}.${application.id}`);
  const decide = useDecide(application.id, action);
  // A clerk has to know what to mend.
  const isNoteMissing = action === 'reject' && note.trim() === '';
  const isActivating = action === 'withdraw' && application.state === 'activation';
  const confirm = () =>
    decide.mutate(
      { version: application.version, ...(note.trim() !== '' && { note: note.trim() }) },
      { onSuccess: () => (setAsking(false), setNote('')) },
    );
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t(`application.${action}`)}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t(`application.${action}-title`)}
        action={t(`application.${action}`)}
        isDangerous={action !== 'accept'}
        isPending={decide.isPending}
        isBlocked={isNoteMissing}
        error={decide.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t(isActivating ? 'activation.withdraw-text' : `application.${action}-text`)}
        {action !== 'accept' && (
          <Textarea
            label={t('field.note')}
            {...(action === 'reject' && { description: t('application.note-hint'), required: true })}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={NOTE_CHARACTERS_MAX}
            rows={3}
            data-autofocus
          />
        )}
      </ConfirmDialog>
    </>
  );
}
