import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';

import { Icon } from '../../app/icons.tsx';
import { useOfficer } from '../../app/officer-context.ts';
import { useApplications } from '../../client/applications.ts';
import type { ApplicationState } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { CaseRow } from './case-row.tsx';
import styles from './queue-page.module.css';

/** In the order of a case's life; what ended otherwise stands last. */
const TABS = [
  'draft',
  'checked',
  'submitted',
  'activation',
  'issued',
  'accepted',
  'rejected',
  'withdrawn',
  'expired',
] as const satisfies ApplicationState[];
/** Long enough for a word at an unhurried pace, short enough to feel at once. */
const TYPING_MILLISECONDS = 250;

/** The office's applications: what an officer starts the day with. */
export function QueuePage() {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const isApprover = roles.includes('approving-officer');
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('state') ?? (isApprover ? 'submitted' : 'all');
  const state = TABS.find((tab) => tab === chosen);
  const [text, setText] = useState('');
  const [sought] = useDebouncedValue(text.trim(), TYPING_MILLISECONDS);
  const list = useApplications({ state, text: sought });
  const tabs = [
    { value: 'all', label: t('queue.all') },
    ...TABS.map((tab) => ({ value: tab, label: t(`state.${tab}`) })),
  ];
  return (
    <>
      <PageHeader
        title={t('queue.title')}
        lead={t(isApprover ? 'queue.lead-approver' : 'queue.lead-clerk')}
        actions={
          roles.includes('clerk') && (
            <Button component={Link} href="/applications/new" leftSection={<Icon name="add" />}>
              {t('nav.new')}
            </Button>
          )
        }
      />
      <div className={styles.bar}>
        <FilterBar
          label={t('queue.filter')}
          options={tabs}
          value={state ?? 'all'}
          onChange={(value) => setSearch({ state: value }, { replace: true })}
        />
        <TextInput
          className={styles.search}
          aria-label={t('queue.search')}
          placeholder={t('queue.search-hint')}
          leftSection={<Icon name="search" size={18} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={100}
          size="sm"
        />
      </div>
      <PagedTable
        query={list}
        caption={t('queue.table')}
        columns={[
          t('field.applicant'),
          t('field.numbers'),
          t('field.profile'),
          t('queue.registers'),
          t('field.filed-at'),
          t('field.state'),
        ]}
        empty={sought === '' ? t('queue.empty') : t('queue.empty-search', { text: sought })}
      >
        {(one) => <CaseRow key={one.id} one={one} />}
      </PagedTable>
    </>
  );
}
