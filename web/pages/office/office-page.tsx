import { Stack } from '@mantine/core';
import { useParams } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useOfficers, useOffices } from '../../client/offices.ts';
import type { Office } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { NotFound } from '../../parts/not-found.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { AddOfficerButton } from './add-officer-button.tsx';
import { CloseOfficeButton } from './close-office-button.tsx';
import { OfficerRow } from './officer-row.tsx';

/** One office with its officers. */
export function OfficePage() {
  const { id } = useParams<{ id: string }>();
  return (
    <Answer query={useOffices()}>
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
  const mayManage = roles.some((role) => role === 'office-manager' || role === 'security-officer');
  const isClosed = office.closedAt !== undefined;
  return (
    <>
      <PageHeader
        title={office.name}
        lead={t(`office-kind.${office.kind}`)}
        mark={
          <Badge tone={isClosed ? 'quiet' : 'good'}>{t(isClosed ? 'offices.closed' : 'offices.open')}</Badge>
        }
        actions={roles.includes('security-officer') && <CloseOfficeButton office={office} />}
      />
      <Stack>
        <Section
          title={t('officers.title')}
          aside={mayManage && !isClosed && <AddOfficerButton officeId={office.id} />}
        >
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
