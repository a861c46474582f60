import {
  certificationRequest,
  certificationRequestInfo,
} from '../../../signing/device/certification-request-octets.ts';
import { concatenated } from '../../../signing/device/der-octets.ts';
import type { LockSecret } from './phone-lock.ts';
import type { WrappedKey } from './phone-records.ts';
import { randomOctets } from './random-octets.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDSA = { name: 'ECDSA', hash: 'SHA-256' } as const;
const SALT_OCTETS = 16;
/** NIST SP 800-38D §8.2.2; each key is wrapped once. */
const INITIALIZATION_VECTOR_OCTETS = 12;

/** A private key that signs and cannot be read; it lives for one act of the holder. */
export interface HolderKey {
  /** ECDSA with SHA-256, two numbers of fixed length. */
  sign(octets: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Makes a key and wraps it. It can be exported for the moment that this takes, for wrapping is exporting; what is given back cannot.
 */
export async function makeKey(secret: LockSecret): Promise<{ wrapped: WrappedKey; key: HolderKey }> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const subjectPublicKeyInfo = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const sealed = {
    salt: randomOctets(SALT_OCTETS),
    initializationVector: randomOctets(INITIALIZATION_VECTOR_OCTETS),
    subjectPublicKeyInfo,
  };
  const wrapping = await wrappingKey(secret, sealed.salt);
  const wrapped = await crypto.subtle.wrapKey('pkcs8', privateKey, wrapping, cipher(sealed));
  const info = certificationRequestInfo(subjectPublicKeyInfo);
  const request = certificationRequest(info, await signWith(privateKey, info));
  const record = { ...sealed, wrapped, certificationRequest: concatenated([request]) };
  return { wrapped: record, key: await unwrapKey(secret, record) };
}

/** Throws an OperationError when the secret is another one. */
export async function unwrapKey(
  secret: LockSecret,
  record: Omit<WrappedKey, 'certificationRequest'>,
): Promise<HolderKey> {
  const wrapping = await wrappingKey(secret, record.salt);
  const privateKey = await crypto.subtle.unwrapKey(
    'pkcs8',
    record.wrapped,
    wrapping,
    cipher(record),
    P256,
    false,
    ['sign'],
  );
  return { sign: (octets) => signWith(privateKey, octets) };
}

function wrappingKey(secret: LockSecret, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode('mohr phone key') };
  const aes = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(hkdf, secret, aes, false, ['wrapKey', 'unwrapKey']);
}

/** The public half is bound to the private one. */
function cipher(record: Pick<WrappedKey, 'initializationVector' | 'subjectPublicKeyInfo'>): AesGcmParams {
  return { name: 'AES-GCM', iv: record.initializationVector, additionalData: record.subjectPublicKeyInfo };
}

async function signWith(key: CryptoKey, octets: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign(ECDSA, key, concatenated([octets])));
}
