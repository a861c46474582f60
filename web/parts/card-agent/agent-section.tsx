import { Button, Stack } from '@mantine/core';
import { useState } from 'react';

import { useCardAgent, useCardPlace, usePairAgent } from '../../client/card-desk.ts';
import type { PairingOfferView } from '../../client/card-desk.ts';
import { CardAgentError } from '../../client/card-agent-error.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../failure-alert.tsx';
import { Latin } from '../latin.tsx';
import { Notice } from '../notice.tsx';
import { Section } from '../section.tsx';
import styles from './agent-section.module.css';
import { PromptLink } from './prompt-link.tsx';

/** How this workstation stands with its card agent: away, to be paired, or ready. */
export function AgentSection() {
  const { t } = useSpeech();
  const place = useCardPlace();
  const standing = useCardAgent(place.data);
  const isAway = standing.error instanceof CardAgentError && standing.error.code === 'agent-absent';
  return (
    <Section title={t('agent.title')} hint={t('agent.hint')}>
      <Stack gap="sm">
        <FailureAlert error={place.error} />
        {isAway && (
          <Notice tone="warn" title={t('agent.away-title')}>
            {t('agent.away-text')}
          </Notice>
        )}
        {!isAway && <FailureAlert error={standing.error} onRetry={() => void standing.refetch()} />}
        {standing.data?.name !== undefined && (
          <Notice tone="good">
            {t('agent.ready')} <Latin>{standing.data.name}</Latin>
          </Notice>
        )}
        {standing.data && !standing.data.agent && <Pairing />}
      </Stack>
    </Section>
  );
}

function Pairing() {
  const { t, format } = useSpeech();
  const [offer, setOffer] = useState<PairingOfferView>();
  const pair = usePairAgent(useCardPlace().data, setOffer);
  const begin = () => {
    setOffer(undefined);
    pair.mutate();
  };
  if (!pair.isPending || !offer) {
    return (
      <>
        <FailureAlert error={pair.error} />
        <Notice
          tone="calm"
          title={t('agent.unpaired-title')}
          action={
            <Button loading={pair.isPending} onClick={begin}>
              {t('agent.pair')}
            </Button>
          }
        >
          {t('agent.unpaired-text')}
        </Notice>
      </>
    );
  }
  return (
    <div className={styles.pairing} role="status">
      <p>{t('agent.compare')}</p>
      <output className={styles.code} dir="ltr" aria-label={t('agent.code')} data-code={offer.code}>
        {format.digits(offer.code)}
      </output>
      <PromptLink promptUrl={offer.promptUrl} />
    </div>
  );
}
