import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import * as asn1 from '../pki/der/encode.ts';
import { openWhole } from '../pki/der/decode.ts';
import type { Cursor } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import { oidOf } from '../pki/der/values.ts';
import { PkiError } from '../pki/pki-error.ts';
import { KeyError } from './key-error.ts';
import type { Passphrase } from './passphrase.ts';
import {
  KEY_OCTETS,
  SCRYPT_COST,
  deriveKey,
  keyDerivationIdentifier,
  readKeyDerivation,
} from './pbes2-key-derivation.ts';
import type { KeyDerivation, ScryptCost } from './pbes2-key-derivation.ts';

/** RFC 8018 Appendix A.4 and B.2.5, RFC 7914 §7. */
const PBES2 = '1.2.840.113549.1.5.13';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';
const IV_OCTETS = 16;
const SALT_OCTETS = 16;

/**
 * Encrypts a PrivateKeyInfo (DER, RFC 5208 §5) into an EncryptedPrivateKeyInfo (DER, §6) by PBES2 with scrypt and
 * AES-256-CBC, which `openssl pkey` reads.
 * @see https://www.rfc-editor.org/rfc/rfc8018#section-6.2
 */
export async function encryptPrivateKey(options: {
  privateKeyInfo: Uint8Array;
  passphrase: Passphrase;
  cost?: ScryptCost;
}): Promise<Buffer> {
  const derivation: KeyDerivation = {
    kind: 'scrypt',
    salt: randomBytes(SALT_OCTETS),
    cost: options.cost ?? SCRYPT_COST,
  };
  const { algorithm, encrypted } = await encryptWithPassphrase(
    options.privateKeyInfo,
    derivation,
    options.passphrase,
  );
  return asn1.sequence(algorithm, asn1.octetString(encrypted));
}

/** Encrypts octets by PBES2 with AES-256-CBC; `algorithm` is the AlgorithmIdentifier that says how. */
export async function encryptWithPassphrase(
  octets: Uint8Array,
  derivation: KeyDerivation,
  passphrase: Passphrase,
): Promise<{ algorithm: Buffer; encrypted: Buffer }> {
  const iv = randomBytes(IV_OCTETS);
  const key = await deriveKey(derivation, passphrase);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(octets), cipher.final()]);
  key.fill(0);
  const scheme = asn1.sequence(asn1.oid(AES_256_CBC), asn1.octetString(iv));
  const parameters = asn1.sequence(keyDerivationIdentifier(derivation), scheme);
  return { algorithm: asn1.sequence(asn1.oid(PBES2), parameters), encrypted };
}

/**
 * Decrypts an EncryptedPrivateKeyInfo (DER) that is under PBES2 with AES-256-CBC and scrypt or PBKDF2-HMAC-SHA-2; the
 * caller wipes what comes back. Throws KeyError `key-passphrase` (CBC has no tag, so a damaged file looks the same),
 * `key-file-malformed`, or `key-file-unsupported` (also for a cost out of bounds, before any of it is spent).
 */
export async function decryptPrivateKey(options: {
  encryptedPrivateKeyInfo: Uint8Array;
  passphrase: Passphrase;
}): Promise<Buffer> {
  const { derivation, iv, encrypted } = readEnvelope(options.encryptedPrivateKeyInfo);
  const key = await deriveKey(derivation, options.passphrase);
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    const decrypted = Buffer.concat([decipher.update(encrypted), decipher.final()]);
    assertPrivateKeyInfo(decrypted);
    return decrypted;
  } catch {
    // No cause: what OpenSSL or the reader says about wrongly decrypted octets helps nobody.
    throw new KeyError('key-passphrase', 'the passphrase is wrong, or the key file is damaged');
  } finally {
    key.fill(0);
  }
}

interface Envelope {
  derivation: KeyDerivation;
  iv: Buffer;
  encrypted: Buffer;
}

function readEnvelope(bytes: Uint8Array): Envelope {
  try {
    const outer = openWhole(bytes);
    const algorithm = outer.into(TAG.sequence);
    const oid = oidOf(algorithm.read(TAG.oid));
    if (oid !== PBES2) throw unsupported(`encryption ${oid}; readable is PBES2`);
    const parameters = algorithm.into(TAG.sequence);
    algorithm.end();
    const derivation = readKeyDerivation(parameters.into(TAG.sequence));
    const iv = readEncryptionScheme(parameters.into(TAG.sequence));
    parameters.end();
    const encrypted = outer.read(TAG.octetString).content;
    outer.end();
    return { derivation, iv, encrypted };
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new KeyError('key-file-malformed', `not an EncryptedPrivateKeyInfo: ${cause.detail}`, { cause });
  }
}

function readEncryptionScheme(scheme: Cursor): Buffer {
  const oid = oidOf(scheme.read(TAG.oid));
  if (oid !== AES_256_CBC)
    throw unsupported(`cipher ${oid}; readable is AES-256-CBC with ${KEY_OCTETS * 8} bit keys`);
  const iv = scheme.read(TAG.octetString).content;
  scheme.end();
  if (iv.length !== IV_OCTETS) {
    throw new KeyError(
      'key-file-malformed',
      `initialization vector of ${iv.length} octets, expected ${IV_OCTETS}`,
    );
  }
  return iv;
}

/** One wrong passphrase in 256 leaves a proper padding behind; then the structure tells. */
function assertPrivateKeyInfo(decrypted: Buffer): void {
  const info = openWhole(decrypted);
  info.read(TAG.integer);
  info.read(TAG.sequence);
  info.read(TAG.octetString);
}

function unsupported(detail: string): KeyError {
  return new KeyError('key-file-unsupported', detail);
}
