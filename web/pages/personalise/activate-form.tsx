import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { useRenewActivation } from '../../client/activation.ts';
import { useActivate } from '../../client/personalisations.ts';
import { ProblemError } from '../../client/problem.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Notice } from '../../parts/notice.tsx';

/** As the service makes them. */
const CODE_DIGITS = 8;

/** The holder says the code from their own phone: the second channel beside the card itself. */
export function ActivateForm({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  const [code, setCode] = useState('');
  const activating = useActivate(applicationId);
  const again = useRenewActivation(applicationId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    activating.mutate(code, { onError: () => setCode('') });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        {isRefused(activating.error) ? (
          <Notice tone="bad">{t('personalise.code-wrong')}</Notice>
        ) : (
          <FailureAlert error={activating.error ?? again.error} />
        )}
        {again.isSuccess && <Notice tone="good">{t('personalise.code-sent')}</Notice>}
        <DigitsInput
          label={t('personalise.code')}
          name="activationCode"
          value={code}
          onChange={setCode}
          maxLength={CODE_DIGITS}
          autoFocus
          required
        />
        <Group gap="xs">
          <Button type="submit" loading={activating.isPending} disabled={code.length !== CODE_DIGITS}>
            {t('personalise.issue')}
          </Button>
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate('code')}>
            {t('personalise.send-again')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function isRefused(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'activation-refused';
}
