import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useOpenInspection } from '../../client/inspections.ts';
import { useOffices } from '../../client/offices.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { JalaliDateField } from '../../parts/jalali-date-field.tsx';
import { jalaliDayOf } from './jalali-day.ts';

/** The service draws no more. */
const SAMPLE_MAX = 500;

export function OpenInspectionButton() {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const offices = useOffices().data?.items ?? [];
  const [office, setOffice] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [due, setDue] = useState('');
  const [size, setSize] = useState('20');
  const open = useOpenInspection();
  const officeId = office === '' ? (offices[0]?.id ?? '') : office;
  const sampleSize = Number(size);
  const isReady =
    [officeId, from, to, due].every((text) => text !== '') && sampleSize >= 1 && sampleSize <= SAMPLE_MAX;
  const confirm = () =>
    open.mutate(
      { officeId, from: jalaliDayOf(from), to: jalaliDayOf(to), dueOn: jalaliDayOf(due), sampleSize },
      { onSuccess: () => setAsking(false) },
    );
  return (
    <>
      <Button leftSection={<Icon name="add" />} onClick={() => setAsking(true)}>
        {t('inspections.open')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('inspections.open-title')}
        action={t('inspections.draw')}
        isPending={open.isPending}
        isBlocked={!isReady}
        error={open.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        <NativeSelect
          label={t('field.office')}
          value={officeId}
          onChange={(event) => setOffice(event.currentTarget.value)}
          data={offices.map(({ id, name }) => ({ value: id, label: name }))}
          data-autofocus
        />
        <JalaliDateField label={t('inspections.from')} value={from} onChange={setFrom} isPast isRequired />
        <JalaliDateField label={t('inspections.to')} value={to} onChange={setTo} isPast isRequired />
        <DigitsInput label={t('inspections.size')} value={size} onChange={setSize} maxLength={3} required />
        <JalaliDateField label={t('inspections.due')} value={due} onChange={setDue} isRequired />
      </ConfirmDialog>
    </>
  );
}
