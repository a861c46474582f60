import { UnstyledButton } from '@mantine/core';

import { useSpeech } from '../i18n/language-context.tsx';
import { Icon } from './icons.tsx';
import styles from './shell.module.css';

/** Names the other language in that language. */
export function LanguageSwitch() {
  const { language, setLanguage, t } = useSpeech();
  const other = language === 'fa' ? 'en' : 'fa';
  return (
    <UnstyledButton
      className={styles.language}
      lang={other}
      title={t('app.language-switch')}
      onClick={() => setLanguage(other)}
    >
      <Icon name="language" size={18} />
      {t('app.language')}
    </UnstyledButton>
  );
}
