import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useAbandon } from '../../client/personalisations.ts';
import type { Personalisation } from '../../client/personalisations.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { useAgent } from '../../parts/card-agent/use-agent.ts';
import { CardStateBadge } from '../../parts/card-state-badge.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Section } from '../../parts/section.tsx';

/** The card of this case, and the way to give it up. */
export function CaseCard({ personalisation }: { personalisation: Personalisation }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const { card, keyType, purpose, next } = personalisation;
  const mayGiveUp = roles.includes('clerk') && next !== 'none' && next !== 'roll-back';
  return (
    <Section
      title={t('personalise.card')}
      {...(mayGiveUp && { aside: <GiveUpButton personalisation={personalisation} /> })}
    >
      <Facts
        facts={[
          {
            name: t('cards.serial'),
            value: (
              <Anchor component={Link} href={`/cards/${card.id}`}>
                <Latin code>{card.serial}</Latin>
              </Anchor>
            ),
          },
          { name: t('field.status'), value: <CardStateBadge state={card.state} /> },
          { name: t('personalise.key-type'), value: t(`key-type.${keyType}`) },
          { name: t('personalise.purpose'), value: t(`purpose.${purpose}`) },
        ]}
      />
    </Section>
  );
}

function GiveUpButton({ personalisation }: { personalisation: Personalisation }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const { agent, onProgress } = useAgent();
  const abandon = useAbandon(agent, onProgress);
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={() => setAsking(true)}>
        {t('personalise.give-up')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('personalise.give-up-title')}
        action={t('personalise.give-up')}
        isDangerous
        isPending={abandon.isPending}
        error={abandon.error}
        onConfirm={() => abandon.mutate(personalisation, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t('personalise.give-up-text')}
      </ConfirmDialog>
    </>
  );
}
