import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { useActivatePhone } from '../../client/activation.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import inputs from '../../parts/inputs.module.css';
import { LatinInput } from '../../parts/latin-input.tsx';

const CODE_DIGITS = 8;

/** With the holder at the desk: the code from their number, the secret that was shown here, and what their phone has made. */
export function ActivatePhoneForm({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  const [code, setCode] = useState('');
  const [deskSecret, setDeskSecret] = useState('');
  const [certificationRequest, setRequest] = useState('');
  const activate = useActivatePhone(applicationId);
  const isReady = code.length === CODE_DIGITS && deskSecret !== '' && certificationRequest.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (activate.isPending || !isReady) return;
    activate.mutate({ code, deskSecret, certificationRequest }, { onError: () => setCode('') });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Group align="flex-start">
          <DigitsInput
            label={t('activation.code')}
            description={t('activation.code-hint')}
            value={code}
            onChange={setCode}
            maxLength={CODE_DIGITS}
            required
          />
          <LatinInput
            label={t('activation.secret')}
            description={t('activation.secret-hint')}
            value={deskSecret}
            onChange={(text) => setDeskSecret(text.trim())}
            maxLength={64}
            required
          />
        </Group>
        <Textarea
          label={t('file.request-paste')}
          description={t('activation.request-hint')}
          value={certificationRequest}
          onChange={(event) => setRequest(event.currentTarget.value)}
          classNames={{ input: inputs.code }}
          dir="ltr"
          lang="en"
          rows={4}
          spellCheck={false}
          autoComplete="off"
          required
        />
        <FailureAlert error={activate.error} />
        <Button type="submit" loading={activate.isPending} disabled={!isReady}>
          {t('activation.activate')}
        </Button>
      </Stack>
    </form>
  );
}
