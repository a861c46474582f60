import { useConnection } from '../client/connection.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Icon } from './icons.tsx';
import styles from './shell.module.css';

/** Says that the service is out of reach, for as long as it is; read out when it changes. */
export function ConnectionBanner() {
  const isThere = useConnection();
  const { t } = useSpeech();
  return (
    <div role="status" className={styles.connection} data-lost={!isThere}>
      {!isThere && (
        <>
          <Icon name="warn" size={18} />
          {t('connection.lost')}
        </>
      )}
    </div>
  );
}
