import { Button, Stack } from '@mantine/core';
import { Link } from 'wouter';

import type { CardStep, NextStep, Personalisation } from '../../client/personalisations.ts';
import { useCertificatesOf } from '../../client/certificates.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';
import { CounterSection } from '../application/counter-section.tsx';
import { ActivateForm } from './activate-form.tsx';
import { CardStepPanel } from './card-step-panel.tsx';
import { FileButton } from './file-button.tsx';
import { RollBackPanel } from './roll-back-panel.tsx';

const CARD_STEPS: readonly NextStep[] = ['set-pin', 'make-key', 'write', 'test', 'receive'];

/** The one thing that is to be done now. */
export function NextStepPanel({ personalisation }: { personalisation: Personalisation }) {
  const { next, applicationId } = personalisation;
  if (isCardStep(next)) return <CardStepPanel personalisation={personalisation} step={next} />;
  if (next === 'submit') return <FileButton applicationId={applicationId} />;
  if (next === 'activate') return <ActivateForm applicationId={applicationId} />;
  if (next === 'await-approval') return <CounterSection applicationId={applicationId} />;
  if (next === 'roll-back') return <RollBackPanel personalisation={personalisation} />;
  return <Completed applicationId={applicationId} />;
}

function isCardStep(next: NextStep): next is CardStep {
  return CARD_STEPS.includes(next);
}

function Completed({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  const certificate = useCertificatesOf(applicationId).data?.items[0];
  return (
    <Stack gap="sm" align="flex-start">
      <Notice tone="good">{t('personalise.completed')}</Notice>
      {certificate && (
        <Button
          component={Link}
          href={`/certificates/${certificate.authority}/${certificate.serialNumber}`}
          autoFocus
        >
          {t('application.open-certificate')}
        </Button>
      )}
    </Stack>
  );
}
