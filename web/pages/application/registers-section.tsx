import { Button } from '@mantine/core';

import { Icon } from '../../app/icons.tsx';
import { useOfficer } from '../../app/officer-context.ts';
import { useAskRegistersAgain } from '../../client/applications.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { RegisterAnswers } from '../../parts/register-answers.tsx';
import { Section } from '../../parts/section.tsx';

/** The newest answer of each register, and asking them once more while nothing is decided. */
export function RegistersSection({ application }: { application: Application }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const again = useAskRegistersAgain(application.id);
  const mayAsk =
    application.state === 'submitted' &&
    roles.some((role) => role === 'clerk' || role === 'approving-officer');
  const button = (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<Icon name="refresh" size={16} />}
      loading={again.isPending}
      onClick={() => again.mutate()}
    >
      {t('application.registers-again')}
    </Button>
  );
  return (
    <Section title={t('file.registers')} {...(mayAsk && { aside: button })}>
      <FailureAlert error={again.error} onRetry={() => again.mutate()} />
      <div aria-live="polite">
        {application.registerAnswers?.length ? (
          <RegisterAnswers answers={application.registerAnswers} />
        ) : (
          t('queue.registers-none')
        )}
      </div>
    </Section>
  );
}
