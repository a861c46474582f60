import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { Link, useSearchParams } from 'wouter';

import { useEnrolPasskey } from '../../client/sessions.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { PasskeyList } from './passkey-list.tsx';
import { SessionsSection } from './sessions-section.tsx';

/** Longest name that the service takes. */
const NAME_CHARACTERS_MAX = 80;

/** The officer's passkeys; `?first` after signing in by a link. */
export function PasskeysPage() {
  const { t } = useSpeech();
  const [search] = useSearchParams();
  const isFirst = search.has('first');
  return (
    <>
      <PageHeader title={t('passkeys.title')} lead={t('passkeys.lead')} />
      <Stack>
        {isFirst && (
          <Notice tone="calm" title={t('passkeys.first-title')}>
            {t('passkeys.first-text')}
          </Notice>
        )}
        <EnrolForm />
        <Section title={t('passkeys.list')}>
          <PasskeyList />
        </Section>
        <SessionsSection />
      </Stack>
    </>
  );
}

function EnrolForm() {
  const { t } = useSpeech();
  const [name, setName] = useState(t('passkeys.name-default'));
  const enrol = useEnrolPasskey();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enrol.mutate(name.trim());
  };
  return (
    <Section title={t('passkeys.first-action')}>
      <Stack component="form" onSubmit={submit} gap="sm">
        <FailureAlert error={enrol.error} />
        {enrol.isSuccess && (
          <Notice tone="good" action={<GoOn />}>
            {t('passkeys.added')}
          </Notice>
        )}
        <Group align="flex-end">
          <TextInput
            label={t('passkeys.name')}
            description={t('passkeys.name-hint')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={NAME_CHARACTERS_MAX}
            required
            miw="20rem"
          />
          <Button type="submit" loading={enrol.isPending} disabled={name.trim() === ''}>
            {t('passkeys.add')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {t('sign-in.passkey-hint')}
        </Text>
      </Stack>
    </Section>
  );
}

function GoOn() {
  const { t } = useSpeech();
  return (
    <Button component={Link} href="/" size="sm">
      {t('passkeys.go-on')}
    </Button>
  );
}
