import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useApplication } from '../../client/applications.ts';
import { isSavedDraft } from '../../client/types.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import styles from './application-page.module.css';
import { CaseFacts } from './case-facts.tsx';
import { DraftPage } from './draft-page.tsx';
import { CounterSection } from './counter-section.tsx';
import { DecisionPanel } from './decision-panel.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { RegistersSection } from './registers-section.tsx';

/** One application: what was filed, what the registers say, and what this officer may decide. */
export function ApplicationPage() {
  const { id } = useParams<{ id: string }>();
  const { t } = useSpeech();
  return (
    <Answer query={useApplication(id)} page={t('page.application')}>
      {(found) =>
        isSavedDraft(found) ? (
          <DraftPage saved={found} />
        ) : (
          <ApplicationContent key={found.id} application={found} />
        )
      }
    </Answer>
  );
}

/** A colleague was quicker: says so, so that nobody takes it for what they did themselves. */
function DecidedMeanwhile({ application: { state, decidedBy } }: { application: Application }) {
  const { t } = useSpeech();
  const { id } = useOfficer();
  const [opened] = useState(state);
  if (opened !== 'submitted' || state === opened || decidedBy === undefined || decidedBy === id) return null;
  return <Notice tone="calm">{t('application.decided-meanwhile', { state: t(`state.${state}`) })}</Notice>;
}

function ApplicationContent({ application }: { application: Application }) {
  const { t } = useSpeech();
  const [search] = useSearchParams();
  const officer = useOfficer();
  const { applicant } = application;
  const isClerkOfLivingCase =
    officer.roles.includes('clerk') && !['rejected', 'withdrawn', 'expired'].includes(application.state);
  const mayListEvidence = officer.roles.some((role) => role !== 'ca-operator');
  return (
    <>
      <PageHeader
        title={t('application.title', { name: `${applicant.givenName} ${applicant.surname}` })}
        mark={<StateBadge state={application.state} />}
        actions={
          <>
            {application.delivery === 'card' && (
              <Button component={Link} href={`/applications/${application.id}/card`} size="sm">
                {t('cards.go-on-with-card')}
              </Button>
            )}
            <Button component={Link} href={`/holders/${applicant.nationalId}`} variant="default" size="sm">
              {t('application.holder-file')}
            </Button>
          </>
        }
      />
      <div className={styles.columns}>
        <Stack>
          {search.has('filed') && application.state === 'submitted' && application.filedBy === officer.id && (
            <Notice tone="good" title={t('file.filed-title')}>
              {t('file.filed-text')}
            </Notice>
          )}
          <DecidedMeanwhile application={application} />
          <DecisionPanel application={application} />
          <CaseFacts application={application} />
          {mayListEvidence && <EvidenceSection applicationId={application.id} />}
          {isClerkOfLivingCase && <CounterSection applicationId={application.id} />}
        </Stack>
        <RegistersSection application={application} />
      </div>
    </>
  );
}
