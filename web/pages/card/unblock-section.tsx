import { Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import { cardTicket, useChangeCard } from '../../client/cards.ts';
import type { Card } from '../../client/cards.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { AgentProgress } from '../../parts/card-agent/agent-progress.tsx';
import { useAgent } from '../../parts/card-agent/use-agent.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';

/** The holder types the PUK and a new PIN at the agent. */
export function UnblockSection({ card }: { card: Card }) {
  const { t } = useSpeech();
  const { agent, progress, onProgress } = useAgent();
  const change = useChangeCard(card.id);
  const unblock = useMutation({
    mutationFn: async () => {
      const ticket = await cardTicket(card.id, agent!.agentId, 'unblock-pin');
      await agent!.run('unblock-pin', ticket, { onProgress });
      if (card.state === 'pin-blocked')
        await change.mutateAsync({ action: 'unblock-pin', version: card.version });
    },
  });
  return (
    <Section title={t('card.unblock-title')} hint={t('card.unblock-hint')}>
      <Stack gap="sm" align="flex-start">
        <FailureAlert error={unblock.error} />
        {unblock.isSuccess && <Notice tone="good">{t('card.unblocked')}</Notice>}
        {!agent && <Notice tone="calm">{t('agent.needed')}</Notice>}
        {unblock.isPending ? (
          <AgentProgress progress={progress} />
        ) : (
          <Button variant="default" disabled={!agent} onClick={() => unblock.mutate()}>
            {t('card.unblock')}
          </Button>
        )}
      </Stack>
    </Section>
  );
}
