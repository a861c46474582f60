import { Button, NativeSelect, Radio, Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

import type { CardReader } from '../../client/card-agent-operations.ts';
import { useReaders } from '../../client/card-desk.ts';
import { useOpenPersonalisation } from '../../client/personalisations.ts';
import type { CardKeyType } from '../../client/personalisations.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { useAgent } from '../../parts/card-agent/use-agent.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Latin } from '../../parts/latin.tsx';
import { LatinInput } from '../../parts/latin-input.tsx';
import { Notice } from '../../parts/notice.tsx';

const SERIAL_CHARACTERS_MAX = 64;
const KEY_TYPES: readonly CardKeyType[] = ['rsa-2048', 'p-256'];

/** A card of the stock lies in the reader; with several readers the clerk says which one. */
export function ChooseCard({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  const { agent } = useAgent();
  const readers = useReaders(agent);
  const open = useOpenPersonalisation();
  const [keyType, setKeyType] = useState<CardKeyType>('rsa-2048');
  const [chosen, setChosen] = useState('');
  const look = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (agent) look.current?.focus();
  }, [agent]);
  const tokens = (readers.data ?? []).flatMap((reader) =>
    reader.token ? [{ reader, token: reader.token }] : [],
  );
  // What a blank card has for a serial is printed on it, and goes into its chip with the PIN.
  const cards = tokens.filter(({ token }) => token.serial !== '');
  const isBlank = cards.length === 0 && tokens.length > 0;
  const serial = cards.length === 1 ? cards[0].token.serial : chosen.trim();
  if (!agent) return <Notice tone="calm">{t('agent.needed')}</Notice>;
  return (
    <Stack gap="sm" align="flex-start">
      <FailureAlert error={readers.error ?? open.error} />
      <Button
        ref={look}
        variant={serial === '' ? 'filled' : 'default'}
        loading={readers.isPending}
        onClick={() => readers.mutate()}
      >
        {t('personalise.look')}
      </Button>
      {isBlank && (
        <LatinInput
          label={t('personalise.printed')}
          description={t('personalise.blank')}
          name="printedSerial"
          value={chosen}
          onChange={setChosen}
          maxLength={SERIAL_CHARACTERS_MAX}
        />
      )}
      {readers.data && tokens.length === 0 && <Notice tone="warn">{emptyText(readers.data, t)}</Notice>}
      {cards.length > 1 && (
        <Radio.Group label={t('personalise.which')} value={chosen} onChange={setChosen}>
          {cards.map(({ reader, token }) => (
            <Radio key={token.serial} value={token.serial} label={`${token.serial} — ${reader.reader}`} />
          ))}
        </Radio.Group>
      )}
      {serial !== '' && (
        <>
          <p>
            {t('personalise.card-found')} <Latin code>{serial}</Latin>
          </p>
          <NativeSelect
            label={t('personalise.key-type')}
            value={keyType}
            onChange={(event) => setKeyType(event.currentTarget.value as CardKeyType)}
            data={KEY_TYPES.map((value) => ({ value, label: t(`key-type.${value}`) }))}
          />
          <Button
            loading={open.isPending}
            onClick={() => open.mutate({ applicationId, cardSerial: serial, keyType })}
            autoFocus
          >
            {t('personalise.take')}
          </Button>
        </>
      )}
    </Stack>
  );
}

function emptyText(readers: readonly CardReader[], t: ReturnType<typeof useSpeech>['t']): string {
  return t(readers.length === 0 ? 'personalise.no-reader' : 'personalise.no-card');
}
