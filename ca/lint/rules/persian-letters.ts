import { findArabicLetters } from '../../../core/persian-text.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { hasNonAscii } from '../text.ts';

/** Persian names and professions are written with ی and ک, never with the Arabic ي, ى and ك that look like them. */
export const persianLetters: CertificateLint = {
  id: 'persian-letters',
  source: 'practice statement: names',
  check({ certificate }) {
    const values = certificate.subject.rdns.flat().map(({ value }) => value);
    for (const { professionItems } of parsedExtensions(certificate).admission?.professionInfos ?? []) {
      values.push(...professionItems);
    }
    const texts = values.filter(hasNonAscii);
    if (texts.length === 0) return 'not-applicable';
    const letters = new Set(texts.flatMap(findArabicLetters));
    if (letters.size === 0) return 'pass';
    const shown = [...letters].map((code) => `U+0${code.toString(16).toUpperCase()}`);
    return error(`Arabic letters ${shown.join(', ')}`);
  },
};
