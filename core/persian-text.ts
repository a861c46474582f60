import { toAsciiDigits } from './digits.ts';

// Unicode normalisation keeps ي/ی and ك/ک apart, although they look alike in most positions of a word;
// every comparison of Persian names therefore goes through one of the two foldings below.

/** Longest name that fits the subject attributes we issue, in characters (RFC 5280 appendix A.1, ub-common-name). */
const personNameCharactersMax = 64;

const persianByArabicLetter: ReadonlyMap<string, string> = new Map([
  ['\u064a', '\u06cc'], // ي ARABIC YEH
  ['\u0649', '\u06cc'], // ى ALEF MAKSURA
  ['\u0643', '\u06a9'], // ك ARABIC KAF
]);

/** What a search key folds beyond the letters above, once its text is decomposed and free of combining marks. */
const searchFolding: ReadonlyMap<string, string> = new Map([
  ...persianByArabicLetter,
  ['\u0629', '\u0647'], // ة TEH MARBUTA → ه
  ['\u06d5', '\u0647'], // ە AE, what remains of ۀ → ه
  ['\u06c1', '\u0647'], // ہ HEH GOAL → ه
  ['\u0671', '\u0627'], // ٱ ALEF WASLA → ا
]);

/**
 * The form in which a name enters a certificate: NFC, Persian ی and ک, no tatweel or harakat, single spaces, trimmed.
 * ZWNJ stays where it separates two letters; elsewhere it is invisible and goes.
 */
export function foldPersian(text: string): string {
  if (isPlain(text)) return text;
  const folded = text
    .normalize('NFC')
    .replace(/\u0640|[\u064b-\u0652]|\u0670/g, '')
    .replace(/[\u064a\u0649\u0643]/g, (letter) => persianByArabicLetter.get(letter) ?? letter)
    .replace(/[\s\u200c]+/g, (run) => (run.replaceAll('\u200c', '') === '' ? '\u200c' : ' '))
    .replace(/^[ \u200c]|[ \u200c]$/g, '');
  // A removed tatweel can bring a letter and its hamza or madda together.
  return folded.normalize('NFC');
}

/** Letters that fold to themselves whatever stands beside them: none of them is, or takes, a combining mark. */
const plainLetters = new Uint8Array(0x700);
for (let code = 0x21; code <= 0x7e; code += 1) plainLetters[code] = 1;
for (const letter of 'ءآأؤإئابةتثجحخدذرزسشصضطظعغفقلمنهوپچژکگی') plainLetters[letter.charCodeAt(0)] = 1;

/** Whether a text consists of such letters with single spaces between them: most names do, and need none of the expressions. */
function isPlain(text: string): boolean {
  let before = 0x20;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (plainLetters[code] !== 1 && (code !== 0x20 || before === 0x20)) return false;
    before = code;
  }
  return before !== 0x20 || text === '';
}

/**
 * The form in which names are compared and searched: letters without marks, Persian ی ک ه ا, no ZWNJ, lower case,
 * ASCII digits, hyphens as spaces, single spaces, trimmed. Never shown.
 */
export function searchKey(text: string): string {
  const key = text
    .normalize('NFKD')
    .toLowerCase()
    // Lower-casing may bring back a compatibility character.
    .normalize('NFKD')
    // Mn holds harakat, hamza and madda (أإآؤئۀ lose theirs here); Cf holds ZWNJ, ZWJ and the bidi marks.
    .replace(/[\p{Mn}\p{Cf}\u0640]/gu, '')
    .replace(/[\u064a\u0649\u0643\u0629\u06d5\u06c1\u0671]/g, (letter) => searchFolding.get(letter) ?? letter)
    .replace(/[\p{Pd}\s]+/gu, ' ')
    .trim();
  return toAsciiDigits(key).normalize('NFC');
}

/** The distinct code points of Arabic letters that have a Persian twin (ي ى ك), in order of appearance. */
export function findArabicLetters(text: string): readonly number[] {
  const found = text.match(/[\u064a\u0649\u0643]/g);
  return found ? Array.from(new Set(found), (letter) => letter.charCodeAt(0)) : [];
}

/** The 32 letters of the Persian alphabet, and ء آ أ إ ؤ ئ ة ۀ as the civil registry writes them. */
const persianLetters = 'ءآأإؤئابةپتثجچحخدذرزژسشصضطظعغفقکگلمنوهۀی';
const personName = new RegExp(`^[${persianLetters}](?:[${persianLetters} \\-\\u200c]*[${persianLetters}])?$`);

/**
 * True for 1..64 characters of Persian letters with spaces, hyphens and ZWNJ between them, in the form that
 * `foldPersian` returns; control characters, bidi marks, digits and Latin letters make it false.
 */
export function isPersianName(text: string): boolean {
  if (text.length > personNameCharactersMax) return false;
  return personName.test(text) && foldPersian(text) === text;
}
