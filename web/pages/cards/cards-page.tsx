import { Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

import { useOfficer } from '../../app/officer-context.ts';
import { Icon } from '../../app/icons.tsx';
import { useCards } from '../../client/cards.ts';
import type { CardState } from '../../client/cards.ts';
import { useOffices } from '../../client/offices.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { AgentSection } from '../../parts/card-agent/agent-section.tsx';
import { CardStateBadge } from '../../parts/card-state-badge.tsx';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { Latin } from '../../parts/latin.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { RowLink } from '../../parts/row-link.tsx';
import { AssignCardsButton } from './assign-cards-button.tsx';
import { CardCounts } from './card-counts.tsx';
import { UnderWay } from './under-way.tsx';

/** What is looked for most; the other states are found by the serial. */
const FILTERS: readonly CardState[] = ['in-stock', 'personalised', 'handed-over', 'lost', 'spoiled'];
const TYPING_MILLISECONDS = 250;
const SERIAL_CHARACTERS_MAX = 64;

/** The stock of the office, or of all offices, and the agent of this workstation. */
export function CardsPage() {
  const { t, format } = useSpeech();
  const { roles } = useOfficer();
  const [state, setState] = useState<CardState>();
  const [serial, setSerial] = useState('');
  const [sought] = useDebouncedValue(serial.trim(), TYPING_MILLISECONDS);
  const cards = useCards({ ...(state && { state }), ...(sought !== '' && { serial: sought }) });
  const offices = new Map((useOffices().data?.items ?? []).map(({ id, name }) => [id, name]));
  return (
    <>
      <PageHeader
        title={t('cards.title')}
        lead={t('cards.lead')}
        actions={roles.includes('ca-operator') && <AssignCardsButton />}
      />
      <Stack>
        {roles.includes('clerk') && <AgentSection />}
        {roles.includes('clerk') && <UnderWay />}
        <CardCounts offices={offices} />
        <FilterBar
          label={t('cards.filter')}
          value={state ?? ''}
          onChange={(value) => setState(value === '' ? undefined : (value as CardState))}
          options={[
            { value: '', label: t('cards.all') },
            ...FILTERS.map((value) => ({ value, label: t(`card-state.${value}`) })),
          ]}
        />
        <TextInput
          aria-label={t('cards.find')}
          placeholder={t('cards.find')}
          leftSection={<Icon name="search" />}
          value={serial}
          onChange={(event) => setSerial(event.currentTarget.value)}
          maxLength={SERIAL_CHARACTERS_MAX}
          dir="ltr"
          type="search"
        />
        <PagedTable
          query={cards}
          caption={t('cards.table')}
          columns={[
            t('cards.serial'),
            t('cards.type'),
            t('field.office'),
            t('field.status'),
            t('cards.changed'),
          ]}
          empty={t('cards.empty')}
        >
          {(card) => (
            <tr key={card.id}>
              <td>
                <RowLink href={`/cards/${card.id}`}>
                  <Latin code>{card.serial}</Latin>
                </RowLink>
              </td>
              <td>
                <bdi>{card.cardType}</bdi>
              </td>
              <td>
                <bdi>
                  {card.officeId === undefined
                    ? t('cards.with-ca')
                    : (offices.get(card.officeId) ?? t('field.office'))}
                </bdi>
              </td>
              <td>
                <CardStateBadge state={card.state} />
              </td>
              <td>{format.day(card.changedAt)}</td>
            </tr>
          )}
        </PagedTable>
      </Stack>
    </>
  );
}
