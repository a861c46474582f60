import { Button } from '@mantine/core';

import { useOfficer } from '../../app/officer-context.ts';
import { useDecideChange, useOfficers, usePendingChanges } from '../../client/offices.ts';
import type { OfficerChange, OfficerOfOffice } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Section } from '../../parts/section.tsx';
import { rolesText } from '../../parts/roles-text.ts';

/** What one officer proposed and another has to confirm. */
export function PendingChanges() {
  const { t } = useSpeech();
  const changes = usePendingChanges();
  const officers = useOfficers();
  const names = new Map((officers.data?.items ?? []).map((officer) => [officer.id, officer]));
  return (
    <Section title={t('changes.title')}>
      <Answer query={changes}>
        {({ items }) => (
          <ItemList items={items} empty={t('changes.none')}>
            {(change) => <ChangeRow key={change.id} change={change} officers={names} />}
          </ItemList>
        )}
      </Answer>
    </Section>
  );
}

function ChangeRow({
  change,
  officers,
}: {
  change: OfficerChange;
  officers: ReadonlyMap<string, OfficerOfOffice>;
}) {
  const { t, format } = useSpeech();
  const { id } = useOfficer();
  const confirm = useDecideChange(change.id, 'confirm');
  const reject = useDecideChange(change.id, 'reject');
  const nameOf = (officerId: string) => officers.get(officerId)?.name ?? t('officers.unknown');
  const isOwn = change.proposedBy === id;
  const isAboutSelf = change.officerId === id;
  return (
    <ItemRow
      title={t(`changes.${change.kind}`, {
        name: `\u2068${change.name ?? nameOf(change.officerId)}\u2069`,
        roles: rolesText(change.roles ?? [], t),
      })}
      detail={
        <>
          {t('changes.proposed', {
            at: format.instant(change.proposedAt),
            who: `\u2068${nameOf(change.proposedBy)}\u2069`,
          })}
          {(isOwn || isAboutSelf) && <br />}
          {isOwn ? t('changes.own') : isAboutSelf && t('changes.about-self')}
        </>
      }
      action={
        <>
          {!isOwn && !isAboutSelf && (
            <Button size="sm" loading={confirm.isPending} onClick={() => confirm.mutate()}>
              {t('changes.confirm')}
            </Button>
          )}
          <Button size="sm" variant="default" loading={reject.isPending} onClick={() => reject.mutate()}>
            {t(isOwn ? 'changes.take-back' : 'changes.reject')}
          </Button>
        </>
      }
    >
      <FailureAlert error={confirm.error ?? reject.error} />
    </ItemRow>
  );
}
