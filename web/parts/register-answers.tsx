import type { IconName } from '../app/icons.tsx';
import type { RegisterAnswer } from '../client/types.ts';
import { en } from '../i18n/catalogue.ts';
import type { TextKey } from '../i18n/catalogue.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Badge } from './badge.tsx';
import type { Tone } from './notice.tsx';
import styles from './register-answers.module.css';

const LOOKS: Record<RegisterAnswer['result'], { tone: Tone; icon: IconName }> = {
  MATCH: { tone: 'good', icon: 'check' },
  NO_MATCH: { tone: 'bad', icon: 'cross' },
  UNAVAILABLE: { tone: 'warn', icon: 'warn' },
};

/** What each register said, and what to do about it. */
export function RegisterAnswers({ answers }: { answers: readonly RegisterAnswer[] }) {
  const { t, format } = useSpeech();
  return (
    <ul className={styles.answers}>
      {answers.map((answer) => (
        <li key={answer.register} className={styles.answer}>
          <div className={styles.line}>
            <strong>{t(`register.${answer.register}`)}</strong>
            <Badge {...LOOKS[answer.result]}>{t(`register-result.${answer.result}`)}</Badge>
          </div>
          <div className={styles.reason}>{t(reasonKey(answer.reason))}</div>
          <time className={styles.time} dateTime={answer.answeredAt}>
            {format.instant(answer.answeredAt)}
          </time>
        </li>
      ))}
    </ul>
  );
}

/** Reasons that the catalogue does not name are faults of the way to the register. */
function reasonKey(reason: string): TextKey {
  const key = `register-reason.${reason}`;
  return Object.hasOwn(en, key) ? (key as TextKey) : 'register-reason.unavailable';
}
