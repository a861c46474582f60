import { Button, Paper } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Icon } from '../app/icons.tsx';
import type { Page } from '../client/types.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { FailureAlert } from './failure-alert.tsx';
import { LoadingRows } from './loading-rows.tsx';
import styles from './paged-table.module.css';

interface PagedTableProps<T> {
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  /** Read to those who do not see the table. */
  caption: string;
  columns: readonly string[];
  empty: ReactNode;
  children: (item: T) => ReactNode;
}

/** A table whose next page is asked for by a button: no page number would stay right while others file. */
export function PagedTable<T>({ query, caption, columns, empty, children }: PagedTableProps<T>) {
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <Paper className={styles.paper}>
      {query.error && <FailureAlert error={query.error} onRetry={() => void query.refetch()} />}
      {(items === undefined ? query.isPending : items.length > 0) && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption}>
          <table className={styles.table} aria-busy={query.isFetching}>
            <caption className="visually-hidden">{caption}</caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{items ? items.map(children) : <LoadingRows columns={columns.length} />}</tbody>
          </table>
        </div>
      )}
      {items?.length === 0 && (
        <div className={styles.empty} role="status">
          <span className={styles.emptyMark}>
            <Icon name="search" size={28} />
          </span>
          <p>{empty}</p>
        </div>
      )}
      <More query={query} />
    </Paper>
  );
}

function More({ query }: { query: UseInfiniteQueryResult }) {
  const { t } = useSpeech();
  if (!query.hasNextPage) return null;
  return (
    <div className={styles.more}>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('app.more')}
      </Button>
    </div>
  );
}
