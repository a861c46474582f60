import type { ReactNode } from 'react';

import { Icon } from '../app/icons.tsx';
import type { IconName } from '../app/icons.tsx';
import styles from './badge.module.css';
import type { Tone } from './notice.tsx';

/** A state in a word; the icon tells it to those who do not see the colour (WCAG 1.4.1). */
export function Badge({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}
