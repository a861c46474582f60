import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useSpeech } from '../i18n/language-context.tsx';
import { FailureAlert } from './failure-alert.tsx';

/** What a query answered; until then that it is under way, and when it fails, what to do. An older answer stays in sight. */
export function Answer<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  const { t } = useSpeech();
  const retry = () => void query.refetch();
  if (query.data !== undefined) {
    return (
      <>
        {query.error && <FailureAlert error={query.error} onRetry={retry} />}
        {children(query.data)}
      </>
    );
  }
  if (query.error) return <FailureAlert error={query.error} onRetry={retry} />;
  return (
    <Stack gap="sm" role="status" aria-label={t('app.loading')}>
      <Skeleton height={20} width="60%" />
      <Skeleton height={20} />
      <Skeleton height={20} width="80%" />
    </Stack>
  );
}
