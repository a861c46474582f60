/** Persian first; English by a switch. */
export const LANGUAGES = ['fa', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export type Direction = 'rtl' | 'ltr';

export function directionOf(language: Language): Direction {
  return language === 'fa' ? 'rtl' : 'ltr';
}
