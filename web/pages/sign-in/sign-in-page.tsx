import { Anchor, Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';

import { LanguageSwitch } from '../../app/language-switch.tsx';
import { Seal } from '../../app/seal.tsx';
import { useSignInByLink, useSignInByPasskey } from '../../client/sessions.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { nextPath } from './next-path.ts';
import styles from './sign-in-page.module.css';

/** Signing in: by passkey, or by a one-time link whose secret stands behind `#`, where no log and no referrer sees it. */
export function SignInPage() {
  const { t } = useSpeech();
  const [secret] = useState(() => window.location.hash.slice(1));
  const title = t('sign-in.title');
  useEffect(() => {
    document.title = `${title} — ${t('app.name')}`;
  }, [title, t]);
  return (
    <main className={styles.page}>
      <div className={styles.story}>
        <Seal size={72} />
        <p className={styles.name}>{t('app.name')}</p>
        <p className={styles.tagline}>{t('app.tagline')}</p>
      </div>
      <div className={styles.desk}>
        <div className={styles.language}>
          <LanguageSwitch />
        </div>
        <Paper className={styles.card}>
          <Title order={1} size="h2">
            {title}
          </Title>
          <Text c="dimmed">{t('sign-in.lead')}</Text>
          {secret === '' ? <ByPasskey /> : <ByLink secret={secret} />}
        </Paper>
        <Anchor component={Link} href="/block" className={styles.block}>
          {t('sign-in.block')}
        </Anchor>
      </div>
    </main>
  );
}

function ByPasskey() {
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const signIn = useSignInByPasskey();
  const enter = () =>
    signIn.mutate(undefined, {
      onSuccess: () => navigate(nextPath(window.location.search), { replace: true }),
    });
  return (
    <Stack mt="lg">
      <FailureAlert error={signIn.error} />
      <Button size="lg" onClick={enter} loading={signIn.isPending} autoFocus>
        {t('sign-in.with-passkey')}
      </Button>
      <Text size="sm">{t('sign-in.passkey-hint')}</Text>
      <Text size="sm" c="dimmed">
        {t('sign-in.no-passkey')}
      </Text>
    </Stack>
  );
}

/** Opening the link uses nothing up: mail scanners and previews do that. The button does. */
function ByLink({ secret }: { secret: string }) {
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const signIn = useSignInByLink();
  const enter = () =>
    signIn.mutate(secret, { onSuccess: () => navigate('/passkeys?first', { replace: true }) });
  return (
    <Stack mt="lg">
      <FailureAlert error={signIn.error} />
      <Button size="lg" onClick={enter} loading={signIn.isPending} autoFocus>
        {t('sign-in.with-link')}
      </Button>
      <Text size="sm">{t('sign-in.link-hint')}</Text>
    </Stack>
  );
}
