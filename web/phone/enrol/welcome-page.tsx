import { Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';

import inputs from '../../parts/inputs.module.css';
import { Notice } from '../../parts/notice.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import { PhoneError } from '../keys/phone-error.ts';
import { InstallHint } from '../parts/install-hint.tsx';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';
import styles from '../phone.module.css';
import { openLink, useOpenedLink } from '../tasks/opened-link.ts';

/** This phone has no key yet: where one comes from. */
export function WelcomePage({ isInterrupted }: { isInterrupted: boolean }) {
  const { t } = useSpeech();
  const link = useOpenedLink();
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('phone.welcome')}
      </Title>
      <Text>{t('phone.welcome-text')}</Text>
      {link?.kind === 'pairing' && <Notice tone="warn">{t('phone.pairing-no-key')}</Notice>}
      {isInterrupted && <Notice tone="warn">{t('phone.enrol-interrupted')}</Notice>}
      <ol className={styles.steps}>
        <li>{t('phone.welcome-step-scan')}</li>
        <li>{t('phone.welcome-step-code')}</li>
        <li>{t('phone.welcome-step-pin')}</li>
      </ol>
      <InstallHint isFirst />
      <LinkForm />
    </Stack>
  );
}

/** For an app that the camera does not open: the code's address, copied. */
function LinkForm() {
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const [error, setError] = useState<PhoneError>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setError(openLink(text) ? undefined : new PhoneError('link-malformed'));
  };
  return (
    <Stack component="form" onSubmit={submit}>
      <TextInput
        label={t('phone.link')}
        description={t('phone.link-hint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        classNames={{ input: inputs.latin }}
        autoComplete="off"
        spellCheck={false}
        size="lg"
      />
      <PhoneFailureAlert error={error} />
      <Button type="submit" variant="default" size="lg" fullWidth disabled={text.trim() === ''}>
        {t('phone.link-open')}
      </Button>
    </Stack>
  );
}
