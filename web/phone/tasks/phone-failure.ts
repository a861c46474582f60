import { DomainError } from '../../../core/errors.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { en } from '../../i18n/catalogue.ts';
import { ConnectionError, ProblemError } from '../../client/problem.ts';
import { PhoneError } from '../keys/phone-error.ts';

export interface PhoneFailure {
  key: TextKey;
  /** For whoever is called about it. */
  code: string;
  triesLeft: number;
}

/** The sentence that tells a holder what to do about a failure: of its code, else of its status. */
export function phoneFailure(error: unknown): PhoneFailure {
  const triesLeft = error instanceof PhoneError ? error.triesLeft : 0;
  const code = codeOf(error);
  const names = [code, ...(error instanceof ProblemError ? [`status-${error.status}`] : [])];
  const keys = names.map((name) => `phone-problem.${name}`);
  return { key: keys.find(isTextKey) ?? 'phone-problem.unexpected', code, triesLeft };
}

function codeOf(error: unknown): string {
  if (error instanceof ConnectionError) return 'connection';
  if (error instanceof PhoneError || error instanceof ProblemError) return error.code;
  if (error instanceof DomainError) return String(error.code);
  return 'page';
}

function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}
