import { useDirection } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

import { CATALOGUES } from './catalogue.ts';
import type { TextKey } from './catalogue.ts';
import { FORMATS } from './format.ts';
import type { Format } from './format.ts';
import { directionOf } from './language.ts';
import type { Direction, Language } from './language.ts';
import { storeLanguage, storedLanguage } from './stored-language.ts';

export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export interface Speech {
  language: Language;
  direction: Direction;
  setLanguage(language: Language): void;
  t: Translate;
  format: Format;
}

const SpeechContext = createContext<Speech | null>(null);

interface LanguageProviderProps {
  /** Absent: Persian. */
  unlessChosen?: Language;
  children: ReactNode;
}

export function LanguageProvider({ unlessChosen, children }: LanguageProviderProps) {
  const [language, setLanguage] = useState(() => storedLanguage(unlessChosen));
  const { setDirection } = useDirection();
  const direction = directionOf(language);
  useEffect(() => {
    document.documentElement.lang = language;
    setDirection(direction);
  }, [language, direction, setDirection]);
  const choose = useCallback((chosen: Language) => {
    storeLanguage(chosen);
    setLanguage(chosen);
  }, []);
  const speech = useMemo<Speech>(
    () => ({ language, direction, setLanguage: choose, t: translator(language), format: FORMATS[language] }),
    [language, direction, choose],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** Words and numbers in the chosen language. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error('outside of LanguageProvider');
  return speech;
}

function translator(language: Language): Translate {
  const catalogue = CATALOGUES[language];
  const { number } = FORMATS[language];
  return (key, values = {}) =>
    catalogue[key].replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) return placeholder;
      return typeof value === 'number' ? number(value) : value;
    });
}
