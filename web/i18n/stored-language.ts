import { LANGUAGES } from './language.ts';
import type { Language } from './language.ts';

const STORAGE_KEY = 'mohr.language';

/** The language that was chosen on this device. */
export function storedLanguage(unlessChosen: Language = 'fa'): Language {
  const stored = localStorage.getItem(STORAGE_KEY);
  return LANGUAGES.find((language) => language === stored) ?? unlessChosen;
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}

/** The first of the browser's languages that is one of ours. */
export function languageOfBrowser(): Language {
  const wanted = navigator.languages.map((tag) => tag.split('-')[0]);
  return wanted.map((one) => LANGUAGES.find((language) => language === one)).find(Boolean) ?? 'fa';
}
