import { Button, Radio, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { useSpeech } from '../../i18n/language-context.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { Notice } from '../../parts/notice.tsx';
import { canLockWithPasskey } from '../keys/passkey-lock.ts';
import type { PhoneRecords } from '../keys/phone-records.ts';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';
import type { LockChoice } from '../tasks/enrol.ts';
import { forgetLink } from '../tasks/opened-link.ts';
import { faultOfPin } from '../tasks/pin-rules.ts';
import type { Activation } from '../tasks/read-link.ts';
import { useEnrol } from '../tasks/use-phone.ts';
import { NewPin } from './new-pin.tsx';

const CODE_DIGITS = 8;

interface EnrolPageProps {
  activation: Activation;
  phone: Partial<PhoneRecords>;
}

/** The code of the short message, and a lock for the key that is made now. */
export function EnrolPage({ activation, phone }: EnrolPageProps) {
  const { t } = useSpeech();
  const enrol = useEnrol();
  const [code, setCode] = useState('');
  const [kind, setKind] = useState<'pin' | 'passkey'>('pin');
  const [pin, setPin] = useState('');
  const [repeated, setRepeated] = useState('');
  const recognises = useQuery({ queryKey: ['prf'], queryFn: canLockWithPasskey, staleTime: Infinity });
  const isKept = phone.enrolment?.applicationId === activation.applicationId;
  const isLocked = isKept || kind === 'passkey' || (faultOfPin(pin) === undefined && pin === repeated);
  const choice = (): LockChoice => {
    if (isKept) return { kind: 'kept' };
    return kind === 'pin' ? { kind, pin } : { kind, name: t('phone.title') };
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (enrol.isPending) return;
    enrol.mutate({ activation, code, choice: choice() }, { onSuccess: forgetLink });
  };
  return (
    <Stack component="form" onSubmit={submit}>
      <Title order={1} size="h2">
        {t('phone.enrol')}
      </Title>
      <Text>{t('phone.enrol-text')}</Text>
      {phone.key && <Notice tone="warn">{t('phone.enrol-replaces')}</Notice>}
      <DigitsInput
        label={t('phone.sms-code')}
        description={t('phone.sms-code-hint')}
        value={code}
        onChange={setCode}
        maxLength={CODE_DIGITS}
        size="lg"
        required
      />
      {isKept && <Notice tone="calm">{t('phone.enrol-kept')}</Notice>}
      {!isKept && recognises.data && (
        <Radio.Group label={t('phone.lock')} value={kind} onChange={setKind}>
          <Stack gap="xs" mt="xs">
            <Radio value="pin" label={t('phone.lock-pin')} size="md" />
            <Radio value="passkey" label={t('phone.lock-passkey')} size="md" />
          </Stack>
        </Radio.Group>
      )}
      {!isKept && kind === 'pin' && (
        <NewPin pin={pin} repeated={repeated} onPin={setPin} onRepeated={setRepeated} />
      )}
      <PhoneFailureAlert error={enrol.error} />
      <Button
        type="submit"
        size="lg"
        fullWidth
        loading={enrol.isPending}
        disabled={code.length !== CODE_DIGITS || !isLocked}
      >
        {t('phone.enrol-action')}
      </Button>
      <Button variant="default" size="lg" fullWidth onClick={forgetLink}>
        {t('phone.cancel')}
      </Button>
    </Stack>
  );
}
