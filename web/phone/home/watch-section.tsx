import { Icon } from '../../app/icons.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from '../phone.module.css';

/** That the phone is listening, or is not. */
export function WatchSection({ isAway }: { isAway: boolean }) {
  const { t } = useSpeech();
  return (
    <section role="status" className={styles.watching} data-away={isAway}>
      <Icon name={isAway ? 'warn' : 'wait'} size={40} />
      <strong>{t(isAway ? 'phone.away' : 'phone.watching')}</strong>
      <span>{t(isAway ? 'phone.away-text' : 'phone.watching-text')}</span>
    </section>
  );
}
