import { Stack } from '@mantine/core';
import { useParams } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useInspection } from '../../client/inspections.ts';
import type { InspectionFile } from '../../client/inspections.ts';
import { useOffices } from '../../client/offices.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { lastInstant } from '../inspections/last-instant.ts';
import { mayInspect } from '../inspections/may-inspect.ts';
import { OutcomeBadge } from '../inspections/outcome-badge.tsx';
import { CaseList } from './case-list.tsx';
import { CloseInspectionButton } from './close-inspection-button.tsx';
import { FindingsSection } from './findings-section.tsx';

/** One inspection: how it was drawn, its cases, what was found. */
export function InspectionPage() {
  const { id } = useParams<{ id: string }>();
  const { t } = useSpeech();
  return (
    <Answer query={useInspection(id)} page={t('page.inspection')}>
      {(file) => <Content file={file} />}
    </Answer>
  );
}

function Content({ file }: { file: InspectionFile }) {
  const { t, format } = useSpeech();
  const { roles } = useOfficer();
  const office = useOffices().data?.items.find(({ id }) => id === file.officeId)?.name ?? t('field.office');
  const isOpen = file.outcome === undefined && mayInspect(roles);
  return (
    <>
      <PageHeader
        title={t('inspection.title', { office })}
        mark={<OutcomeBadge outcome={file.outcome} />}
        actions={isOpen && <CloseInspectionButton id={file.id} />}
      />
      <Stack>
        <Section title={t('inspection.draw')}>
          <Stack gap="sm">
            <Notice tone={file.isReproducible ? 'good' : 'warn'}>
              {t(file.isReproducible ? 'inspection.reproducible' : 'inspection.not-reproducible')}
            </Notice>
            <Facts
              facts={[
                {
                  name: t('inspections.period'),
                  value: `${format.day(file.periodFrom)} — ${format.day(lastInstant(file.periodBefore))}`,
                },
                { name: t('inspections.due'), value: format.day(lastInstant(file.dueAt)) },
                {
                  name: t('inspections.sample'),
                  value: t('inspections.sample-of', {
                    sample: file.sampleSize,
                    population: file.population,
                  }),
                },
                { name: t('inspection.seed'), value: <Latin code>{file.seed}</Latin>, wide: true },
                {
                  name: t('inspection.population-hash'),
                  value: <Latin code>{file.populationSha256}</Latin>,
                  wide: true,
                },
              ]}
            />
          </Stack>
        </Section>
        <Section title={t('inspection.cases')}>
          <CaseList cases={file.cases} />
        </Section>
        <FindingsSection file={file} isOpen={isOpen} />
      </Stack>
    </>
  );
}
