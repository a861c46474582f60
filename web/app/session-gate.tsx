import { Center, Loader, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Redirect } from 'wouter';

import { ProblemError } from '../client/problem.ts';
import { useSession } from '../client/sessions.ts';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { useSpeech } from '../i18n/language-context.tsx';
import { OfficerContext } from './officer-context.ts';
import { SessionLostDialog } from './session-lost-dialog.tsx';

/** What is inside is for officers. Once it is shown it stays: a session that ends later is renewed in a dialog above it. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  const { t } = useSpeech();
  if (session.data) {
    return (
      <OfficerContext value={session.data}>
        {children}
        <SessionLostDialog />
      </OfficerContext>
    );
  }
  if (session.error instanceof ProblemError && session.error.status === 401)
    return <Redirect to={signInPath()} replace />;
  return (
    <Center component="main" mih="100vh" p="xl">
      {session.error ? (
        <Stack>
          <Title order={1}>{t('app.name')}</Title>
          <FailureAlert error={session.error} onRetry={() => void session.refetch()} />
        </Stack>
      ) : (
        <Loader aria-label={t('app.loading')} />
      )}
    </Center>
  );
}

/** Brings the officer back to where they wanted to go. */
function signInPath(): string {
  const { pathname, search } = window.location;
  return pathname === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}
