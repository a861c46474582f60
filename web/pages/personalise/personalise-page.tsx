import { Button, Stack } from '@mantine/core';
import { Link, useParams } from 'wouter';

import { useApplication } from '../../client/applications.ts';
import { usePersonalisation } from '../../client/personalisations.ts';
import type { Personalisation } from '../../client/personalisations.ts';
import { isSavedDraft } from '../../client/types.ts';
import type { Case } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { AgentSection } from '../../parts/card-agent/agent-section.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import styles from '../application/application-page.module.css';
import { CaseCard } from './case-card.tsx';
import { ChooseCard } from './choose-card.tsx';
import { NextStepPanel } from './next-step-panel.tsx';
import { StepList } from './step-list.tsx';

/** A key and its certificate go onto a card, step by step; whoever opens this goes on where it stands. */
export function PersonalisePage() {
  const { id } = useParams<{ id: string }>();
  const personalisation = usePersonalisation(id);
  return (
    <Answer query={useApplication(id)}>
      {(found) => (
        <Answer query={personalisation}>{(of) => <Content found={found} personalisation={of} />}</Answer>
      )}
    </Answer>
  );
}

function Content({ found, personalisation }: { found: Case; personalisation: Personalisation | null }) {
  const { t } = useSpeech();
  const applicant = isSavedDraft(found) ? found.draft.applicant : found.applicant;
  const name = `${applicant?.givenName ?? ''} ${applicant?.surname ?? ''}`.trim();
  const next = personalisation?.next ?? 'choose';
  return (
    <>
      <PageHeader
        title={t('personalise.title', { name: name === '' ? t('queue.unnamed') : name })}
        lead={t('personalise.lead')}
        actions={
          <Button component={Link} href={`/applications/${found.id}`} variant="default" size="sm">
            {t('personalise.case')}
          </Button>
        }
      />
      <div className={styles.columns}>
        <Stack>
          <Section title={t(`next.${next}`)} hint={t(`next-hint.${next}`)}>
            {personalisation ? (
              <NextStepPanel key={next} personalisation={personalisation} />
            ) : (
              <ChooseCard applicationId={found.id} />
            )}
          </Section>
          <AgentSection />
          {personalisation && <CaseCard personalisation={personalisation} />}
        </Stack>
        <Section title={t('personalise.steps')}>
          <StepList next={next} />
        </Section>
      </div>
    </>
  );
}
