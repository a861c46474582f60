import { findArabicLetters } from '../../../core/persian-text.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { subjectAttributes } from '../subject-attributes.ts';
import { hasNonAscii } from '../text.ts';

/** Persian names and professions are written with ی and ک, never with the Arabic ي, ى and ك that look like them. */
export const persianLetters: CertificateLint = {
  id: 'persian-letters',
  source: 'practice statement: names',
  check({ certificate }) {
    let text = '';
    for (const { value } of subjectAttributes(certificate)) text += value;
    for (const { professionItems } of parsedExtensions(certificate).admission?.professionInfos ?? []) {
      for (const item of professionItems) text += item;
    }
    if (!hasNonAscii(text)) return 'not-applicable';
    const letters = findArabicLetters(text);
    if (letters.length === 0) return 'pass';
    return error(
      `Arabic letters ${letters.map((code) => `U+0${code.toString(16).toUpperCase()}`).join(', ')}`,
    );
  },
};
