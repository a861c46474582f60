import { toAsciiDigits } from '../../../core/digits.ts';
import { openPasskey } from './passkey-lock.ts';
import type { PhoneLock, PinLock } from './phone-records.ts';
import { randomOctets } from './random-octets.ts';

/** OWASP's figure for PBKDF2 with HMAC-SHA-256; a guess costs a phone a fifth of a second. */
const ITERATIONS = 600_000;
const SALT_OCTETS = 16;

/** What a lock yields to who can open it: each wrapped key has a key of its own derived from it. */
export type LockSecret = CryptoKey;

/** A fresh lock for a PIN. */
export async function makePinLock(pin: string): Promise<{ lock: PinLock; secret: LockSecret }> {
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  const lock: PinLock = {
    kind: 'pin',
    salt: randomOctets(SALT_OCTETS),
    iterations: ITERATIONS,
    deviceKey: await crypto.subtle.generateKey(hmac, false, ['sign']),
    failures: 0,
  };
  return { lock, secret: await secretOfPin(lock, pin) };
}

/** What a lock yields; for a wrong PIN something that opens nothing. */
export async function openLock(lock: PhoneLock, pin: string | undefined): Promise<LockSecret> {
  return lock.kind === 'pin' ? secretOfPin(lock, pin ?? '') : openPasskey(lock);
}

/** The PIN is stretched, and then keyed with what does not leave this browser. */
async function secretOfPin({ salt, iterations, deviceKey }: PinLock, pin: string): Promise<LockSecret> {
  const digits = new TextEncoder().encode(toAsciiDigits(pin));
  const typed = await crypto.subtle.importKey('raw', digits, 'PBKDF2', false, ['deriveBits']);
  const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  const stretched = await crypto.subtle.deriveBits(pbkdf2, typed, 256);
  const keyed = await crypto.subtle.sign('HMAC', deviceKey, stretched);
  return crypto.subtle.importKey('raw', keyed, 'HKDF', false, ['deriveKey']);
}
