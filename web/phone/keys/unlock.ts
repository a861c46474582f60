import { PhoneError } from './phone-error.ts';
import { changePhoneRecord, changePhoneRecords, readPhoneRecords } from './phone-database.ts';
import { unwrapKey } from './phone-key.ts';
import type { HolderKey } from './phone-key.ts';
import { openLock } from './phone-lock.ts';
import type { LockSecret } from './phone-lock.ts';
import type { PhoneLock, PinLock } from './phone-records.ts';

/** DOMAIN §6; the service counts to the same. */
export const PIN_TRIES = 5;

export interface UnlockedPhone {
  key: HolderKey;
  /** For a further key under the same lock. */
  secret: LockSecret;
}

/**
 * Opens the phone's key for one act. A try with a PIN is on disk before it is made: whoever ends the page in between has used it.
 * The fifth wrong one in a row drops the key. Throws PhoneError `pin-wrong` with the tries left, `key-gone`, `unlock-cancelled`.
 */
export async function unlock(pin?: string): Promise<UnlockedPhone> {
  const { key: record, lock } = await readPhoneRecords();
  if (!record || !lock) throw new PhoneError('key-gone');
  const failures = lock.kind === 'pin' ? await countTry() : 0;
  const secret = await openLock(lock, pin);
  try {
    const key = await unwrapKey(secret, record);
    if (failures > 0) await forgetTries();
    return { key, secret };
  } catch (cause) {
    if (lock.kind === 'passkey') throw new PhoneError('key-gone', { cause });
    const triesLeft = PIN_TRIES - failures;
    if (triesLeft <= 0) await dropKey();
    throw new PhoneError('pin-wrong', { triesLeft, cause });
  }
}

/** The key is gone for good; the certificate stays, to say what it was. */
export async function dropKey(): Promise<void> {
  await changePhoneRecords({ lock: null, key: null, login: null, renewal: null });
}

/** True when the tries were used up by a page that ended before it dropped the key. */
export function isUsedUp(lock: PhoneLock | undefined): boolean {
  return lock?.kind === 'pin' && lock.failures >= PIN_TRIES;
}

async function countTry(): Promise<number> {
  const counted = await changePhoneRecord('lock', (lock) => {
    if (lock?.kind !== 'pin') return lock ?? null;
    return { ...lock, failures: lock.failures + 1 };
  });
  if (counted?.kind === 'pin' && counted.failures <= PIN_TRIES) return counted.failures;
  await dropKey();
  throw new PhoneError('key-gone');
}

async function forgetTries(): Promise<void> {
  const forgive = (lock: PinLock): PinLock => ({ ...lock, failures: 0 });
  await changePhoneRecord('lock', (lock) => (lock?.kind === 'pin' ? forgive(lock) : (lock ?? null)));
}
