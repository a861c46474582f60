import { Button } from '@mantine/core';

import { Icon } from '../app/icons.tsx';
import { failureText } from '../client/failure-text.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import styles from './notice.module.css';

/** Says what went wrong and what to do next; nothing when nothing did. */
export function FailureAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useSpeech();
  if (error === null || error === undefined) return null;
  const { key, code } = failureText(error);
  return (
    <div role="alert" className={styles.notice} data-tone="bad">
      <Icon name="warn" />
      <div className={styles.text}>
        <strong>{t('problem.title')}</strong>
        <span>{t(key, { code: `\u2068${code}\u2069` })}</span>
      </div>
      {onRetry && (
        <Button variant="default" size="sm" onClick={onRetry}>
          {t('app.retry')}
        </Button>
      )}
    </div>
  );
}
