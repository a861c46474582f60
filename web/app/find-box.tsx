import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useLocation } from 'wouter';

import { useSpeech } from '../i18n/language-context.tsx';
import { Icon } from './icons.tsx';
import styles from './shell.module.css';

/** Search from every page; Ctrl+K goes there. */
export function FindBox() {
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.code !== 'KeyK') return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener('keydown', focus);
    return () => window.removeEventListener('keydown', focus);
  }, []);
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') navigate(`/certificates?text=${encodeURIComponent(text.trim())}`);
  };
  return (
    <form role="search" className={styles.find} onSubmit={find}>
      <Icon name="search" size={18} />
      <input
        ref={input}
        className={styles.findInput}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        aria-label={t('app.find')}
        aria-keyshortcuts="Control+K"
        placeholder={t('app.find-hint')}
        maxLength={100}
        type="search"
        dir="auto"
      />
      <kbd className={styles.key} aria-hidden="true">
        Ctrl K
      </kbd>
    </form>
  );
}
