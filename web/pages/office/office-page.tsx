import { Stack } from '@mantine/core';
import { useParams } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useOfficers, useOffices } from '../../client/offices.ts';
import type { Office, Role } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { NotFound } from '../../parts/not-found.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { AddOfficerButton } from './add-officer-button.tsx';
import { OfficerRow } from './officer-row.tsx';
import { RenameOfficeButton } from './rename-office-button.tsx';

const MANAGING: readonly Role[] = ['office-manager', 'ca-operator', 'security-officer'];

/** One office with its officers. */
export function OfficePage() {
  const { id } = useParams<{ id: string }>();
  const { t } = useSpeech();
  return (
    <Answer query={useOffices()} page={t('field.office')}>
      {({ items }) => {
        const office = items.find((one) => one.id === id);
        return office ? <Content office={office} /> : <NotFound />;
      }}
    </Answer>
  );
}

function Content({ office }: { office: Office }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const officers = useOfficers(office.id);
  const mayManage = roles.some((role) => MANAGING.includes(role));
  return (
    <>
      <PageHeader
        title={office.name}
        lead={t(`office-kind.${office.kind}`)}
        actions={mayManage && <RenameOfficeButton office={office} />}
      />
      <Stack>
        <Section title={t('officers.title')} aside={mayManage && <AddOfficerButton officeId={office.id} />}>
          <Answer query={officers}>
            {({ items }) => (
              <ItemList items={items} empty={t('officers.none')}>
                {(officer) => <OfficerRow key={officer.id} officer={officer} mayManage={mayManage} />}
              </ItemList>
            )}
          </Answer>
        </Section>
      </Stack>
    </>
  );
}
