import { useEffect } from 'react';
import type { ReactNode } from 'react';

import { useSpeech } from '../i18n/language-context.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import styles from './lone-frame.module.css';
import { Seal } from './seal.tsx';

interface LoneFrameProps {
  /** Of the document. */
  title: string;
  /** Classes of the whole, which may set `--frame-inline-size`, and of what stands between head and foot. */
  pageClass?: string;
  mainClass: string;
  foot?: ReactNode;
  children: ReactNode;
}

/** Around a page that nobody signs in to: whose it is, and in which language it speaks. */
export function LoneFrame({ title, pageClass = '', mainClass, foot, children }: LoneFrameProps) {
  const { t } = useSpeech();
  const fullTitle = `${title} — ${t('app.name')}`;
  useEffect(() => {
    document.title = fullTitle;
  }, [fullTitle]);
  return (
    <div className={`${styles.page} ${pageClass}`}>
      <header className={styles.top}>
        <span className={styles.brand}>
          <Seal size={32} />
          {t('app.name')}
        </span>
        <LanguageSwitch />
      </header>
      <main className={`${styles.main} ${mainClass}`}>{children}</main>
      {foot !== undefined && <footer className={styles.foot}>{foot}</footer>}
    </div>
  );
}
