import { UnstyledButton } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import { Link, useLocation } from 'wouter';

import { useSignOut } from '../client/sessions.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { rolesText } from '../parts/roles-text.ts';
import { FindBox } from './find-box.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { mayOpen } from './may-open.ts';
import { useOfficer } from './officer-context.ts';
import { OvertakenNotice } from './overtaken-notice.tsx';
import { PAGES } from './pages.ts';
import { Seal } from './seal.tsx';
import type { TextKey } from '../i18n/catalogue.ts';
import styles from './shell.module.css';

interface MenuItem {
  path: string;
  icon: IconName;
  label: TextKey;
  /** With Alt: by its place on the keyboard, whichever script it writes. */
  letter?: string;
}

const MENU: readonly MenuItem[] = [
  { path: '/', icon: 'queue', label: 'nav.queue', letter: 'Q' },
  { path: '/applications/new', icon: 'add', label: 'nav.new', letter: 'N' },
  { path: '/certificates', icon: 'certificate', label: 'nav.certificates' },
  { path: '/cards', icon: 'card', label: 'nav.cards' },
  { path: '/card-deliveries', icon: 'delivery', label: 'nav.card-deliveries' },
  { path: '/offices', icon: 'office', label: 'nav.offices' },
  { path: '/inspections', icon: 'inspection', label: 'nav.inspections' },
  { path: '/relying-parties', icon: 'system', label: 'nav.relying-parties' },
  { path: '/dashboard', icon: 'dashboard', label: 'nav.dashboard' },
  { path: '/passkeys', icon: 'passkey', label: 'nav.passkeys' },
];

/** Menu, search and the officer's name around every page of the console. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useSpeech();
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t('app.skip')}
      </a>
      <aside className={styles.side}>
        <Link href="/" className={styles.brand} aria-label={t('app.name')}>
          <Seal size={36} />
          <span className={styles.brandName}>{t('app.name')}</span>
        </Link>
        <Menu />
      </aside>
      <header className={styles.top}>
        <FindBox />
        <LanguageSwitch />
        <Account />
      </header>
      <ConnectionBanner />
      <main id="content" ref={main} className={styles.content} tabIndex={-1}>
        <OvertakenNotice />
        {children}
      </main>
    </div>
  );
}

function Menu() {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const [location, navigate] = useLocation();
  const items = useMemo(
    () => MENU.filter(({ path }) => mayOpen(PAGES.find((page) => page.path === path)?.access ?? [], roles)),
    [roles],
  );
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      const item = items.find(({ letter }) => letter !== undefined && event.code === `Key${letter}`);
      if (!item) return;
      event.preventDefault();
      navigate(item.path);
    };
    window.addEventListener('keydown', open);
    return () => window.removeEventListener('keydown', open);
  }, [items, navigate]);
  return (
    <nav aria-label={t('app.navigation')} className={styles.menu}>
      {items.map(({ path, icon, label, letter }) => (
        <Link
          key={path}
          href={path}
          className={styles.item}
          title={letter === undefined ? t(label) : `${t(label)} (Alt+${letter})`}
          {...(letter !== undefined && { 'aria-keyshortcuts': `Alt+${letter}` })}
          {...(path === location && { 'aria-current': 'page' as const })}
        >
          <Icon name={icon} />
          <span className={styles.itemName}>{t(label)}</span>
        </Link>
      ))}
    </nav>
  );
}

function Account() {
  const { t } = useSpeech();
  const officer = useOfficer();
  const signOut = useSignOut();
  return (
    <div className={styles.account}>
      <div className={styles.who}>
        <bdi className={styles.name}>{officer.name}</bdi>
        <span className={styles.role}>{rolesText(officer.roles, t)}</span>
      </div>
      <UnstyledButton
        className={styles.exit}
        onClick={() => signOut.mutate()}
        aria-label={t('app.sign-out')}
        title={t('app.sign-out')}
      >
        <Icon name="exit" />
      </UnstyledButton>
    </div>
  );
}

/** Whoever follows a link by keyboard or screen reader goes on in the new page, not behind the old link. */
function useFocusOnNewPage(main: RefObject<HTMLElement | null>): void {
  const [location] = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [location, main]);
}
