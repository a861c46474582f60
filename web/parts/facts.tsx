import type { ReactNode } from 'react';

import styles from './facts.module.css';

export interface Fact {
  name: string;
  value: ReactNode;
  /** Over the whole width. */
  wide?: boolean;
}

/** Names and values, e.g. of a certificate. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value, wide }) => (
        <div key={name} className={styles.fact} data-wide={wide}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
