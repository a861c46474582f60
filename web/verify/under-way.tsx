import { Loader } from '@mantine/core';

import styles from './verify.module.css';

export function UnderWay({ children }: { children: string }) {
  return (
    <div role="status" className={styles.underWay}>
      <Loader size="sm" aria-hidden />
      {children}
    </div>
  );
}
