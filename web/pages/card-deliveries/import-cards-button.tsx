import { Button, FileInput, TextInput } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useImportCards } from '../../client/cards.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

/** The service takes no more than this, in octets. */
const LIST_OCTETS_MAX = 2 * 1024 * 1024;

export function ImportCardsButton() {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [reference, setReference] = useState('');
  const [cardType, setCardType] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const importing = useImportCards();
  const isTooLarge = (file?.size ?? 0) > LIST_OCTETS_MAX;
  const confirm = async () => {
    const list = await file!.text();
    const format = /^\s*\{/.test(list) ? 'ndjson' : 'csv';
    importing.mutate(
      { reference: reference.trim(), cardType: cardType.trim(), format, list },
      { onSuccess: () => setAsking(false) },
    );
  };
  return (
    <>
      <Button leftSection={<Icon name="add" />} onClick={() => setAsking(true)}>
        {t('deliveries.import')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('deliveries.import-title')}
        action={t('deliveries.import')}
        isPending={importing.isPending}
        isBlocked={reference.trim() === '' || cardType.trim() === '' || !file || isTooLarge}
        error={importing.error}
        onConfirm={() => void confirm()}
        onClose={() => setAsking(false)}
      >
        <TextInput
          label={t('deliveries.reference')}
          description={t('deliveries.reference-hint')}
          name="reference"
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
          maxLength={64}
          required
          data-autofocus
        />
        <TextInput
          label={t('cards.type')}
          name="cardType"
          value={cardType}
          onChange={(event) => setCardType(event.currentTarget.value)}
          maxLength={64}
          required
        />
        <FileInput
          label={t('deliveries.file')}
          description={t('deliveries.file-hint')}
          accept=".csv,.txt,.ndjson,.jsonl"
          value={file}
          onChange={setFile}
          error={isTooLarge ? t('deliveries.too-large') : undefined}
          required
        />
      </ConfirmDialog>
    </>
  );
}
