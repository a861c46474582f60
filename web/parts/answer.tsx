import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useSpeech } from '../i18n/language-context.tsx';
import { FailureAlert } from './failure-alert.tsx';
import { PageHeader } from './page-header.tsx';

interface AnswerProps<T> {
  query: UseQueryResult<T>;
  /** Of a whole page that the answer fills: what stands above it until the answer says it better. */
  page?: string;
  children: (data: T) => ReactNode;
}

/** What a query answered; until then that it is under way, and when it fails, what to do. An older answer stays in sight. */
export function Answer<T>({ query, page, children }: AnswerProps<T>) {
  const retry = () => void query.refetch();
  if (query.data !== undefined) {
    return (
      <>
        {query.error && <FailureAlert error={query.error} onRetry={retry} />}
        {children(query.data)}
      </>
    );
  }
  return (
    <>
      {page !== undefined && <PageHeader title={page} />}
      {query.error ? <FailureAlert error={query.error} onRetry={retry} /> : <Loading />}
    </>
  );
}

function Loading() {
  const { t } = useSpeech();
  return (
    <Stack gap="sm" role="status" aria-label={t('app.loading')}>
      <Skeleton height={20} width="60%" />
      <Skeleton height={20} />
      <Skeleton height={20} width="80%" />
    </Stack>
  );
}
