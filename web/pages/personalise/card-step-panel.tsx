import { Button, Stack } from '@mantine/core';

import { useCardStep } from '../../client/personalisations.ts';
import type { CardStep, Personalisation } from '../../client/personalisations.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { AgentProgress } from '../../parts/card-agent/agent-progress.tsx';
import { useAgent } from '../../parts/card-agent/use-agent.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Notice } from '../../parts/notice.tsx';

/** One step at the card. What breaks off is begun again with the same button: the agent and the service know how far it was. */
export function CardStepPanel({
  personalisation,
  step,
}: {
  personalisation: Personalisation;
  step: CardStep;
}) {
  const { t } = useSpeech();
  const { agent, progress, onProgress } = useAgent();
  const taking = useCardStep(agent, onProgress);
  if (!agent) return <Notice tone="calm">{t('agent.needed')}</Notice>;
  return (
    <Stack gap="sm" align="flex-start">
      <p>
        {t('personalise.card-needed')} <Latin code>{personalisation.card.serial}</Latin>
      </p>
      <FailureAlert error={taking.error} />
      {taking.isPending ? (
        <AgentProgress progress={progress} />
      ) : (
        <Button size="md" onClick={() => taking.mutate({ personalisation, step })} autoFocus>
          {t(taking.error ? 'personalise.again' : `do.${step}`)}
        </Button>
      )}
    </Stack>
  );
}
