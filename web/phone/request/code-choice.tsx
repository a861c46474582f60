import { Button, Stack, Text, Title } from '@mantine/core';

import { useSpeech } from '../../i18n/language-context.tsx';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';
import styles from '../phone.module.css';

interface CodeChoiceProps {
  choices: readonly string[];
  isPending: boolean;
  error: unknown;
  onChoose(code: string): void;
}

/** Three codes, one of which stands on the clinic's screen. Nothing says which: whoever does not look picks a wrong one. */
export function CodeChoice({ choices, isPending, error, onChoose }: CodeChoiceProps) {
  const { t, format } = useSpeech();
  return (
    <section className={styles.card} aria-label={t('phone.code-title')}>
      <Stack>
        <Title order={2} size="h4">
          {t('phone.code-title')}
        </Title>
        <Text>{t('phone.code-text')}</Text>
        <PhoneFailureAlert error={error} />
        <div className={styles.codes}>
          {choices.map((code) => (
            <Button
              key={code}
              variant="default"
              className={styles.code}
              disabled={isPending}
              onClick={() => onChoose(code)}
            >
              <bdi className="ltr">{format.digits(code)}</bdi>
            </Button>
          ))}
        </div>
      </Stack>
    </section>
  );
}
