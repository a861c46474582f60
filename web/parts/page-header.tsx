import { Title } from '@mantine/core';
import { useEffect } from 'react';
import type { ReactNode } from 'react';

import { useSpeech } from '../i18n/language-context.tsx';
import styles from './page-header.module.css';

interface PageHeaderProps {
  title: string;
  lead?: ReactNode;
  /** State beside the title. */
  mark?: ReactNode;
  actions?: ReactNode;
}

/** Title of a page, on it and in the browser's tab. */
export function PageHeader({ title, lead, mark, actions }: PageHeaderProps) {
  const { t } = useSpeech();
  const name = t('app.name');
  useEffect(() => {
    document.title = `${title} — ${name}`;
  }, [title, name]);
  return (
    <div className={styles.header}>
      <div>
        <div className={styles.line}>
          <Title order={1} className={styles.title}>
            {title}
          </Title>
          {mark}
        </div>
        {lead !== undefined && <div className={styles.lead}>{lead}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
