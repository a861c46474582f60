import { Group, Stack, Text } from '@mantine/core';

import { useOfficer } from '../../app/officer-context.ts';
import { useActivation } from '../../client/activation.ts';
import type { Activation } from '../../client/activation.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';
import { ActivatePhoneForm } from './activate-phone-form.tsx';
import { DecideButton } from './decide-button.tsx';
import { RenewActivation } from './renew-activation.tsx';

/** Approved, and waiting for its holder: how the activation stands, and what each officer does about it. */
export function ActivationPanel({ application }: { application: Application }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const isPhone = application.delivery === 'phone';
  return (
    <Section title={t('activation.title')}>
      <Stack>
        <Text>{t(isPhone ? 'activation.phone' : 'activation.card')}</Text>
        <Answer query={useActivation(application.id)}>
          {(activation) => (
            <>
              <Standing activation={activation} />
              <RenewActivation application={application} activation={activation} />
              {isPhone && activation.state === 'waiting' && roles.includes('clerk') && (
                <ActivatePhoneForm applicationId={application.id} />
              )}
              {activation.state !== 'used' && roles.includes('clerk') && (
                <Group>
                  <DecideButton application={application} action="withdraw" />
                </Group>
              )}
            </>
          )}
        </Answer>
      </Stack>
    </Section>
  );
}

function Standing({ activation: { state, codeChannel, triesLeft, expiresAt } }: { activation: Activation }) {
  const { t, format } = useSpeech();
  return (
    <>
      <Notice tone={state === 'waiting' || state === 'used' ? 'calm' : 'warn'}>
        {t(`activation.${state}`)}
      </Notice>
      <Facts
        facts={[
          { name: t('activation.code-by'), value: t(`activation.code-${codeChannel ?? 'none'}`) },
          { name: t('activation.tries'), value: format.number(triesLeft) },
          { name: t('activation.until'), value: format.instant(expiresAt) },
        ]}
      />
    </>
  );
}
