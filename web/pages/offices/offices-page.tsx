import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';

import { Icon } from '../../app/icons.tsx';
import { useOfficer } from '../../app/officer-context.ts';
import { useOffices, useOpenOffice } from '../../client/offices.ts';
import type { OfficeKind } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { PendingChanges } from './pending-changes.tsx';

const KINDS: readonly OfficeKind[] = ['medical-council', 'e-government-counter', 'notary'];

/** Offices, and the changes of officers that wait for a second one. */
export function OfficesPage() {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const offices = useOffices();
  return (
    <>
      <PageHeader
        title={t('offices.title')}
        lead={t('offices.lead')}
        actions={
          roles.some((role) => role === 'security-officer' || role === 'ca-operator') && <OpenOfficeButton />
        }
      />
      <Stack>
        <PendingChanges />
        <Section title={t('offices.list')}>
          <Answer query={offices}>
            {({ items }) => (
              <ItemList items={items} empty={t('offices.none')}>
                {(office) => (
                  <ItemRow
                    key={office.id}
                    title={
                      <Link href={`/offices/${office.id}`}>
                        <bdi>{office.name}</bdi>
                      </Link>
                    }
                    detail={t(`office-kind.${office.kind}`)}
                  />
                )}
              </ItemList>
            )}
          </Answer>
        </Section>
      </Stack>
    </>
  );
}

function OpenOfficeButton() {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [kind, setKind] = useState<OfficeKind>('medical-council');
  const [name, setName] = useState('');
  const open = useOpenOffice();
  const confirm = () =>
    open.mutate(
      { kind, name: name.trim() },
      {
        onSuccess: () => {
          setAsking(false);
          setName('');
        },
      },
    );
  return (
    <>
      <Button leftSection={<Icon name="add" />} onClick={() => setAsking(true)}>
        {t('offices.add')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('offices.add-title')}
        action={t('offices.add')}
        isPending={open.isPending}
        isBlocked={name.trim() === ''}
        error={open.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        <NativeSelect
          label={t('offices.kind')}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as OfficeKind)}
          data={KINDS.map((value) => ({ value, label: t(`office-kind.${value}`) }))}
        />
        <TextInput
          label={t('offices.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
