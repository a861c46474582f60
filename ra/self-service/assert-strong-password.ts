import { dictionary } from '@zxcvbn-ts/language-common';

import { searchKey } from '../../core/persian-text.ts';
import type { Applicant } from '../application.ts';
import { RaError } from '../ra-error.ts';

/** Somebody guesses five times an hour at most; what is written on the card, and what many choose, they need not guess. */
const PASSWORD_CHARACTERS_MIN = 8;
const DIFFERENT_CHARACTERS_MIN = 4;

/** What this service and its passwords are called: the words that come to mind at the form. */
const WORDS_OF_THE_SERVICE = [
  'mohr',
  'مهر',
  'password',
  'pass',
  'رمز',
  'رمز عبور',
  'revocation',
  'revoke',
  'ابطال',
  'ebtal',
  'پزشک',
  'doctor',
  'نظام پزشکی',
];

/**
 * Refuses what is short or of few characters (RaError `password-weak`), what many have (`password-common`), and what is made of the
 * service's own words or of the person: names, council number, national id (`password-personal`). What is left without those has to be a
 * password by itself. Compared as people read it: in any case, with Persian, Arabic or ASCII digits, with the letters of any keyboard.
 * OWASP ASVS 5.0 6.1.2, 6.2.1, 6.2.4, 6.2.11.
 */
export function assertStrongPassword(password: string, person: Partial<Applicant>): void {
  if (password.length < PASSWORD_CHARACTERS_MIN || isOfFew(password))
    throw new RaError(
      'password-weak',
      `a revocation password has ${PASSWORD_CHARACTERS_MIN} characters or more, ${DIFFERENT_CHARACTERS_MIN} of them different`,
    );
  const key = searchKey(password);
  if (isCommon(key))
    throw new RaError('password-common', 'many people have this password: choose another one');
  const rest = without(key, [...WORDS_OF_THE_SERVICE, ...wordsOf(person)]);
  if (rest !== key && (rest.length < PASSWORD_CHARACTERS_MIN || isOfFew(rest) || isCommon(rest)))
    throw new RaError(
      'password-personal',
      'a revocation password is not made of your name, council number, national id or of words of this service',
    );
}

function isOfFew(text: string): boolean {
  return new Set(text).size < DIFFERENT_CHARACTERS_MIN;
}

/** As compared: whoever puts a stop or a space into a common password has a common password. */
function compact(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}

let common: ReadonlySet<string> | undefined;

/** The 49,000 of the list that are chosen most often; 17,711 of them are long enough to come this far. Folded when first asked. */
function isCommon(key: string): boolean {
  common ??= new Set(dictionary['passwords-common'].map((one) => searchKey(String(one))));
  // A year or a sign behind it is what everybody adds who is told to.
  const stem = key.replace(/[^\p{L}]+$/u, '');
  return [key, compact(key), stem, compact(stem)].some((text) => common?.has(text));
}

function wordsOf({ nationalId, givenName, surname, latinName, councilNumber }: Partial<Applicant>): string[] {
  const names = [givenName, surname, latinName].flatMap((name) => [
    name,
    ...(name?.split(/[\s\u200c-]+/) ?? []),
  ]);
  return [nationalId, councilNumber?.digits, ...names].filter((word) => word !== undefined);
}

/** The longest first: of a whole name no part of it is left. */
function without(key: string, words: readonly string[]): string {
  const found = words.map(searchKey).filter((word) => word.length > 2);
  return found
    .flatMap((word) => [word, compact(word)])
    .sort((one, other) => other.length - one.length)
    .reduce((rest, word) => rest.replaceAll(word, ''), key)
    .trim();
}
