import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useRecordFinding } from '../../client/inspections.ts';
import type { InspectionFile, Severity } from '../../client/inspections.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useKeptText } from '../../parts/use-kept-text.ts';

const SEVERITIES: readonly Severity[] = ['note', 'minor', 'major'];

export function RecordFindingButton({ file }: { file: InspectionFile }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [about, setAbout] = useState('');
  const [severity, setSeverity] = useState<Severity>('note');
  const [text, setText] = useKeptText(`finding.${file.id}`);
  const record = useRecordFinding(file.id);
  const confirm = () =>
    record.mutate(
      { severity, text: text.trim(), ...(about !== '' && { applicationId: about }) },
      {
        onSuccess: () => {
          setAsking(false);
          setText('');
        },
      },
    );
  return (
    <>
      <Button size="sm" leftSection={<Icon name="add" size={18} />} onClick={() => setAsking(true)}>
        {t('inspection.record')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('inspection.record-title')}
        action={t('inspection.record')}
        isPending={record.isPending}
        isBlocked={text.trim() === ''}
        error={record.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        <NativeSelect
          label={t('inspection.about')}
          value={about}
          onChange={(event) => setAbout(event.currentTarget.value)}
          data={[
            { value: '', label: t('inspection.about-office') },
            ...file.cases.map(({ applicationId, position }) => ({
              value: applicationId,
              label: t('inspection.case', { position }),
            })),
          ]}
        />
        <NativeSelect
          label={t('inspection.severity')}
          value={severity}
          onChange={(event) => setSeverity(event.currentTarget.value as Severity)}
          data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
        />
        <Textarea
          label={t('inspection.text')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={4000}
          rows={4}
          required
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
