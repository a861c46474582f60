import { Icon } from '../../app/icons.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from '../../parts/notice.module.css';
import { phoneFailure } from '../tasks/phone-failure.ts';

/** Says what went wrong and what to do next; nothing when nothing did. */
export function PhoneFailureAlert({ error }: { error: unknown }) {
  const { t } = useSpeech();
  if (error === null || error === undefined) return null;
  const { key, code, triesLeft } = phoneFailure(error);
  return (
    <div role="alert" className={styles.notice} data-tone="bad">
      <Icon name="warn" />
      <div className={styles.text}>
        <span>{t(key, { code: `\u2068${code}\u2069`, triesLeft })}</span>
      </div>
    </div>
  );
}
