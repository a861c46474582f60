import type { ReactNode } from 'react';

import styles from './item-list.module.css';

interface ItemListProps<T> {
  items: readonly T[];
  /** Shown when there is none. */
  empty: ReactNode;
  children: (item: T) => ReactNode;
}

/** A short list of things with what can be done to them. */
export function ItemList<T>({ items, empty, children }: ItemListProps<T>) {
  if (items.length === 0) return <p className={styles.empty}>{empty}</p>;
  return <ul className={styles.list}>{items.map(children)}</ul>;
}

interface ItemRowProps {
  title: ReactNode;
  detail?: ReactNode;
  mark?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}

export function ItemRow({ title, detail, mark, action, children }: ItemRowProps) {
  return (
    <li className={styles.row}>
      <div className={styles.text}>
        <span className={styles.title}>
          {title} {mark}
        </span>
        {detail !== undefined && <span className={styles.detail}>{detail}</span>}
      </div>
      {action && <div className={styles.action}>{action}</div>}
      {children}
    </li>
  );
}
