import type { ReactNode } from 'react';

import { Icon } from '../app/icons.tsx';
import type { IconName } from '../app/icons.tsx';
import { useSpeech } from '../i18n/language-context.tsx';
import type { Tone } from './notice.tsx';
import styles from './timeline.module.css';

export interface TimelineItem {
  key: string;
  /** RFC 3339. */
  at: string;
  icon: IconName;
  tone: Tone;
  title: ReactNode;
  detail?: ReactNode;
}

/** What happened, in the order given. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  const { format } = useSpeech();
  return (
    <ol className={styles.timeline}>
      {items.map(({ key, at, icon, tone, title, detail }) => (
        <li key={key} className={styles.item}>
          <span className={styles.dot} data-tone={tone}>
            <Icon name={icon} size={16} />
          </span>
          <div>
            <div className={styles.title}>{title}</div>
            {detail !== undefined && <div className={styles.detail}>{detail}</div>}
            <time className={styles.time} dateTime={at}>
              {format.instant(at)}
            </time>
          </div>
        </li>
      ))}
    </ol>
  );
}
