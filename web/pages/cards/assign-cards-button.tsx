import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useAssignCards } from '../../client/cards.ts';
import { useOffices } from '../../client/offices.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import inputs from '../../parts/inputs.module.css';

/** The service takes no more in one parcel. */
const CARDS_MAX = 500;

export function AssignCardsButton() {
  const { t, format } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [text, setText] = useState('');
  const [office, setOffice] = useState('');
  const offices = useOffices().data?.items ?? [];
  const assign = useAssignCards();
  const officeId = office === '' ? (offices[0]?.id ?? '') : office;
  const serials = text.split(/[\s,;]+/).filter((serial) => serial !== '');
  const close = () => {
    setAsking(false);
    setText('');
  };
  return (
    <>
      <Button leftSection={<Icon name="delivery" />} onClick={() => setAsking(true)}>
        {t('cards.assign')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('cards.assign-title')}
        action={t('cards.assign-now', { count: format.number(serials.length) })}
        isPending={assign.isPending}
        isBlocked={serials.length === 0 || serials.length > CARDS_MAX || officeId === ''}
        error={assign.error}
        onConfirm={() => assign.mutate({ officeId, serials }, { onSuccess: close })}
        onClose={() => setAsking(false)}
      >
        <NativeSelect
          label={t('field.office')}
          value={officeId}
          onChange={(event) => setOffice(event.currentTarget.value)}
          data={offices.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Textarea
          label={t('cards.serials')}
          description={t('cards.serials-hint')}
          name="serials"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: inputs.latin }}
          dir="ltr"
          rows={6}
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
