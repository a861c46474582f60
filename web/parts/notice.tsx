import type { ReactNode } from 'react';

import { Icon } from '../app/icons.tsx';
import type { IconName } from '../app/icons.tsx';
import styles from './notice.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'quiet';

const ICONS: Record<Tone, IconName> = {
  good: 'check',
  bad: 'warn',
  warn: 'warn',
  calm: 'info',
  quiet: 'info',
};

interface NoticeProps {
  tone: Tone;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Something that the officer should know; read out when it appears. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  return (
    <div role="status" className={styles.notice} data-tone={tone}>
      <Icon name={ICONS[tone]} />
      <div className={styles.text}>
        {title !== undefined && <strong>{title}</strong>}
        {children !== undefined && <span>{children}</span>}
      </div>
      {action}
    </div>
  );
}
