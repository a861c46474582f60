import { useEffect, useState } from 'react';

import { useSpeech } from '../../i18n/language-context.tsx';
import { Icon } from '../../app/icons.tsx';
import styles from '../phone.module.css';

/** Seconds that are left, counted here: the phone's clock may be wrong. */
export function Countdown({ seconds, onEnd }: { seconds: number; onEnd(): void }) {
  const { t, format } = useSpeech();
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const end = performance.now() + seconds * 1000;
    const timer = setInterval(() => {
      setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
    }, 500);
    return () => clearInterval(timer);
  }, [seconds]);
  useEffect(() => {
    if (left === 0) onEnd();
  }, [left, onEnd]);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return (
    <span role="timer" aria-label={t('phone.time-left')} className={styles.timer} data-late={left <= 30}>
      <Icon name="wait" size={18} />
      <bdi className="ltr">{format.digits(clock)}</bdi>
    </span>
  );
}
