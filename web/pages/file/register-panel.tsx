import { Button, Loader } from '@mantine/core';

import { Icon } from '../../app/icons.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { RegisterAnswers } from '../../parts/register-answers.tsx';
import { Section } from '../../parts/section.tsx';
import type { ApplicationDraft } from './application-draft.ts';
import styles from './file-page.module.css';
import { useLiveRegisters } from './use-live-registers.ts';

/** What the registers say while the clerk still types. */
export function RegisterPanel({ draft }: { draft: ApplicationDraft }) {
  const { t } = useSpeech();
  const { query, isReady } = useLiveRegisters(draft);
  const again = (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<Icon name="refresh" size={16} />}
      onClick={() => void query.refetch()}
      disabled={!isReady || query.isFetching}
    >
      {t('file.registers-again')}
    </Button>
  );
  return (
    <Section title={t('file.registers')} {...(query.data && { aside: again })}>
      <div aria-live="polite">
        {!isReady && <p className={styles.waiting}>{t('file.registers-wait')}</p>}
        {isReady && query.isFetching && (
          <p className={styles.waiting}>
            <Loader size="xs" /> {t('file.registers-asking')}
          </p>
        )}
        {isReady && query.data && <RegisterAnswers answers={query.data.items} />}
        {isReady && <FailureAlert error={query.error} onRetry={() => void query.refetch()} />}
      </div>
    </Section>
  );
}
