import { useOfficer } from '../../app/officer-context.ts';
import { useInspections } from '../../client/inspections.ts';
import { useOffices } from '../../client/offices.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { RowLink } from '../../parts/row-link.tsx';
import { lastInstant } from './last-instant.ts';
import { mayInspect } from './may-inspect.ts';
import { OpenInspectionButton } from './open-inspection-button.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';

export function InspectionsPage() {
  const { t, format } = useSpeech();
  const { roles } = useOfficer();
  const inspections = useInspections();
  const offices = new Map((useOffices().data?.items ?? []).map(({ id, name }) => [id, name]));
  return (
    <>
      <PageHeader
        title={t('inspections.title')}
        lead={t('inspections.lead')}
        actions={mayInspect(roles) && <OpenInspectionButton />}
      />
      <PagedTable
        query={inspections}
        caption={t('inspections.table')}
        columns={[
          t('field.office'),
          t('inspections.period'),
          t('inspections.sample'),
          t('inspections.due'),
          t('inspections.outcome'),
        ]}
        empty={t('inspections.empty')}
      >
        {(one) => (
          <tr key={one.id}>
            <td>
              <RowLink href={`/inspections/${one.id}`}>
                <bdi>{offices.get(one.officeId) ?? t('field.office')}</bdi>
              </RowLink>
            </td>
            <td>{`${format.day(one.periodFrom)} — ${format.day(lastInstant(one.periodBefore))}`}</td>
            <td>{t('inspections.sample-of', { sample: one.sampleSize, population: one.population })}</td>
            <td>{format.day(lastInstant(one.dueAt))}</td>
            <td>
              <OutcomeBadge outcome={one.outcome} />
            </td>
          </tr>
        )}
      </PagedTable>
    </>
  );
}
