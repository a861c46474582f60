import type { TextKey } from '../../i18n/catalogue.ts';

export const PIN_DIGITS_MIN = 6;
export const PIN_DIGITS_MAX = 12;

/** Why digits make no PIN; undefined when they make one. */
export function faultOfPin(digits: string): TextKey | undefined {
  if (digits.length < PIN_DIGITS_MIN) return 'phone.pin-short';
  if (new Set(digits).size < 3 || isRow(digits)) return 'phone.pin-weak';
  return undefined;
}

/** 123456, 987654, 024680: each as far from the last. */
function isRow(digits: string): boolean {
  const steps = Array.from(digits.slice(1), (digit, at) => (Number(digit) - Number(digits[at]) + 10) % 10);
  return new Set(steps).size === 1;
}
