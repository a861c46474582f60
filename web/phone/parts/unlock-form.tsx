import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { useSpeech } from '../../i18n/language-context.tsx';
import type { PhoneLock } from '../keys/phone-records.ts';
import { PIN_DIGITS_MIN } from '../tasks/pin-rules.ts';
import { PhoneFailureAlert } from './phone-failure-alert.tsx';
import { PinInput } from './pin-input.tsx';

interface UnlockFormProps {
  lock: PhoneLock;
  action: string;
  isPending: boolean;
  error: unknown;
  /** Without a PIN, the phone itself recognises its user. */
  onUnlock(pin?: string): void;
}

/** Asks for what unlocks the key, for one act. */
export function UnlockForm({ lock, action, isPending, error, onUnlock }: UnlockFormProps) {
  const { t } = useSpeech();
  const [pin, setPin] = useState('');
  const needsPin = lock.kind === 'pin';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    onUnlock(needsPin ? pin : undefined);
    setPin('');
  };
  return (
    <Stack component="form" onSubmit={submit}>
      {needsPin ? (
        <PinInput label={t('phone.pin')} value={pin} onChange={setPin} />
      ) : (
        <p>{t('phone.passkey-prompt')}</p>
      )}
      <PhoneFailureAlert error={error} />
      <Button
        type="submit"
        size="lg"
        fullWidth
        loading={isPending}
        disabled={needsPin && pin.length < PIN_DIGITS_MIN}
      >
        {action}
      </Button>
    </Stack>
  );
}
