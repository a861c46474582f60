import { Button } from '@mantine/core';

import { useOfficer } from '../../app/officer-context.ts';
import { evidenceAddress, useEvidence } from '../../client/evidence.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Section } from '../../parts/section.tsx';
import { AddEvidence } from './add-evidence.tsx';

/** Enough of a hash to compare by eye. */
const HASH_SHOWN = 16;

/** The papers of an application: scans by their hash. */
export function EvidenceSection({ applicationId }: { applicationId: string }) {
  const { t, format } = useSpeech();
  const { roles } = useOfficer();
  const evidence = useEvidence(applicationId);
  return (
    <Section title={t('application.evidence')} hint={t('application.evidence-hint')}>
      <Answer query={evidence}>
        {({ items }) => (
          <ItemList items={items} empty={t('application.evidence-none')}>
            {(paper) => (
              <ItemRow
                key={paper.id}
                title={t(`evidence-kind.${paper.kind}`)}
                detail={
                  <>
                    {format.instant(paper.addedAt)} · <Latin code>{paper.sha256.slice(0, HASH_SHOWN)}</Latin>
                  </>
                }
                action={
                  paper.deletedAt === undefined && (
                    <Button
                      component="a"
                      href={evidenceAddress(applicationId, paper.id)}
                      variant="default"
                      size="sm"
                      download
                    >
                      {t('application.evidence-open')}
                    </Button>
                  )
                }
              />
            )}
          </ItemList>
        )}
      </Answer>
      {roles.includes('clerk') && <AddEvidence applicationId={applicationId} />}
    </Section>
  );
}
