import { Button, Stack } from '@mantine/core';

import { useAbandon } from '../../client/personalisations.ts';
import type { Personalisation } from '../../client/personalisations.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { AgentProgress } from '../../parts/card-agent/agent-progress.tsx';
import { useAgent } from '../../parts/card-agent/use-agent.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';

/** The case has ended: what the card has of it goes, where the card is at hand. */
export function RollBackPanel({ personalisation }: { personalisation: Personalisation }) {
  const { t } = useSpeech();
  const { agent, progress, onProgress } = useAgent();
  const abandon = useAbandon(agent, onProgress);
  return (
    <Stack gap="sm" align="flex-start">
      <FailureAlert error={abandon.error} />
      {abandon.isPending ? (
        <AgentProgress progress={progress} />
      ) : (
        <Button color="#a3211a" onClick={() => abandon.mutate(personalisation)} autoFocus>
          {t('personalise.roll-back')}
        </Button>
      )}
    </Stack>
  );
}
