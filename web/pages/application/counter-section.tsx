import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';

import { useSetContact, useSetRevocationPassword } from '../../client/counter.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import inputs from '../../parts/inputs.module.css';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';

/** What the holder leaves at the counter, so that they can block card or phone themselves. */
export function CounterSection({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  return (
    <Section title={t('counter.title')} hint={t('counter.hint')}>
      <Stack>
        <MobileField applicationId={applicationId} />
        <PasswordField applicationId={applicationId} />
      </Stack>
    </Section>
  );
}

function MobileField({ applicationId }: { applicationId: string }) {
  const { t, format } = useSpeech();
  const [mobile, setMobile] = useState('');
  const save = useSetContact(applicationId);
  const known = save.data?.mobile;
  return (
    <Stack gap="xs">
      <FailureAlert error={save.error} />
      {known !== undefined && (
        <Notice tone="good">
          {t('counter.mobile-saved', { mobile: `\u2066${format.digits(known)}\u2069` })}
        </Notice>
      )}
      <Group align="flex-end">
        <DigitsInput
          label={t('field.mobile')}
          name="mobile"
          description={t('counter.mobile-hint')}
          value={mobile}
          onChange={setMobile}
          maxLength={11}
        />
        <Button
          variant="default"
          loading={save.isPending}
          disabled={!/^09[0-9]{9}$/.test(mobile)}
          onClick={() => save.mutate({ mobile })}
        >
          {t('counter.save')}
        </Button>
      </Group>
    </Stack>
  );
}

function PasswordField({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  const [password, setPassword] = useState('');
  const save = useSetRevocationPassword(applicationId);
  return (
    <Stack gap="xs">
      <FailureAlert error={save.error} />
      {save.isSuccess && <Notice tone="good">{t('counter.password-saved')}</Notice>}
      <Group align="flex-end">
        <PasswordInput
          label={t('block.password')}
          description={t('counter.password-hint')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          classNames={{ innerInput: inputs.latin }}
          maxLength={64}
          autoComplete="new-password"
          size="md"
          miw="18rem"
        />
        <Button
          variant="default"
          loading={save.isPending}
          disabled={password === ''}
          onClick={() => save.mutate(password, { onSuccess: () => setPassword('') })}
        >
          {t('counter.save')}
        </Button>
      </Group>
    </Stack>
  );
}
