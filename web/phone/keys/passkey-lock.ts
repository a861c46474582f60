import { PhoneError } from './phone-error.ts';
import type { PasskeyLock } from './phone-records.ts';
import { randomOctets } from './random-octets.ts';

const SALT_OCTETS = 32;
const CHALLENGE_OCTETS = 32;
const USER_OCTETS = 16;
const ES256 = -7;

/** Whether this phone recognises its user by itself and derives secrets from that (WebAuthn L3 §10.1.4). */
export async function canLockWithPasskey(): Promise<boolean> {
  if (typeof PublicKeyCredential === 'undefined') return false;
  if (!('getClientCapabilities' in PublicKeyCredential)) return false;
  const capabilities = await PublicKeyCredential.getClientCapabilities();
  if (!capabilities['extension:prf']) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
}

/** A fresh lock. No server knows this passkey: it signs nobody in, it only yields a secret. */
export async function makePasskeyLock(name: string): Promise<{ lock: PasskeyLock; secret: CryptoKey }> {
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name },
        user: { id: randomOctets(USER_OCTETS), name, displayName: name },
        challenge: randomOctets(CHALLENGE_OCTETS),
        pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'preferred',
          userVerification: 'required',
        },
        extensions: { prf: {} },
      },
    }),
  );
  if (!made.getClientExtensionResults().prf?.enabled) throw new PhoneError('prf-missing');
  const lock: PasskeyLock = {
    kind: 'passkey',
    credentialId: new Uint8Array(made.rawId),
    salt: randomOctets(SALT_OCTETS),
  };
  return { lock, secret: await openPasskey(lock) };
}

/** What the authenticator computes once it has recognised its user; throws PhoneError. */
export async function openPasskey({ credentialId, salt }: PasskeyLock): Promise<CryptoKey> {
  const shown = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: randomOctets(CHALLENGE_OCTETS),
        allowCredentials: [{ type: 'public-key', id: credentialId, transports: ['internal'] }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const computed = shown.getClientExtensionResults().prf?.results?.first;
  if (!computed) throw new PhoneError('prf-missing');
  return crypto.subtle.importKey('raw', computed, 'HKDF', false, ['deriveKey']);
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (cause) {
    throw new PhoneError('unlock-cancelled', { cause });
  }
  throw new PhoneError('unlock-cancelled');
}
