import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';

import { useCloseInspection } from '../../client/inspections.ts';
import type { Outcome } from '../../client/inspections.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

const OUTCOMES: readonly Outcome[] = ['passed', 'passed-with-findings', 'failed'];

export function CloseInspectionButton({ id }: { id: string }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>('passed');
  const close = useCloseInspection(id);
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('inspection.close')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('inspection.close-title')}
        action={t('inspection.close')}
        isPending={close.isPending}
        error={close.error}
        onConfirm={() => close.mutate(outcome, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t('inspection.close-text')}
        <NativeSelect
          label={t('inspections.outcome')}
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value as Outcome)}
          data={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
