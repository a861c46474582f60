import { foldPersian, isPersianName } from '../core/persian-text.ts';
import { RaError } from './ra-error.ts';

// Apart from the rest of ra/, because the console checks names by the same rules while they are typed.

/** Latin letters with the marks that transliterations use, without × and ÷ among them; ub-common-name less the longest suffix. */
const LATIN_NAME = /^(?!.*[×÷])[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f' .-]{1,46}$/;

/** A name as it will stand in the certificate; throws RaError `name-not-persian`. */
export function parsePersianName(text: string, field: string): string {
  const folded = foldPersian(text);
  if (!isPersianName(folded))
    throw new RaError('name-not-persian', `the ${field} is not written in Persian letters`);
  return folded;
}

/** A name for those who cannot read Persian; throws RaError `latin-name-malformed`. */
export function parseLatinName(text: string): string {
  const trimmed = text.normalize('NFC').trim().replace(/\s+/g, ' ');
  if (LATIN_NAME.test(trimmed)) return trimmed;
  throw new RaError(
    'latin-name-malformed',
    'the Latin name has 2 to 47 Latin letters, spaces, hyphens or dots',
  );
}
