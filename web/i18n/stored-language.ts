import { LANGUAGES } from './language.ts';
import type { Language } from './language.ts';

const STORAGE_KEY = 'mohr.language';

/** The language that was chosen on this device. */
export function storedLanguage(): Language {
  const stored = localStorage.getItem(STORAGE_KEY);
  return LANGUAGES.find((language) => language === stored) ?? 'fa';
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}
