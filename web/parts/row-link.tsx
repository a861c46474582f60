import type { ReactNode } from 'react';
import { Link } from 'wouter';

import styles from './paged-table.module.css';

/** The link of a table's row; it covers the whole row for the mouse, and is one stop for the keyboard. */
export function RowLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className={styles.rowLink}>
      {children}
    </Link>
  );
}
