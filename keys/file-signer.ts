import { createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { basename } from 'node:path';

import { SIGNATURE_SCHEMES, paddingOf } from '../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { KeyError } from './key-error.ts';
import { algorithmOf, keyTypeOf } from './key-type.ts';
import type { Passphrase } from './passphrase.ts';
import { assertSignerMatches } from './prove-possession.ts';
import { readKeyFile } from './read-key-file.ts';
import { signInParts } from './sign-in-parts.ts';
import type { Signer } from './signer.ts';

/**
 * Opens an encrypted private key (PKCS#8 in PEM or DER, of mode 0600) and proves that it signs for its own public key.
 * Throws KeyError: `secret-file-*`, `key-file-*`, `key-passphrase`, `algorithm-mismatch`, `key-type-not-allowed` for a key
 * type that is not in KEY_TYPES, `runtime-unsupported`, `key-mismatch`.
 */
export async function openFileSigner(options: {
  path: string;
  passphrase: Passphrase;
  /** Default: the first algorithm of the key's type. */
  algorithm?: SignatureAlgorithmName;
}): Promise<Signer> {
  const key = await readKeyFile(options);
  const keyType = keyTypeOf(key);
  if (!keyType) {
    throw new KeyError(
      'key-type-not-allowed',
      `${options.path} holds a key of a type that nothing here signs with`,
    );
  }
  const algorithm = algorithmOf(keyType, options.algorithm);
  const signer = new FileSigner(`file:${basename(options.path)}`, algorithm, key);
  await assertSignerMatches(signer, signer.subjectPublicKeyInfo);
  return signer;
}

/** Signs on the event loop: a P-256 signature costs less than handing it to another thread. */
class FileSigner implements Signer {
  readonly label: string;
  readonly algorithm: SignatureAlgorithmName;
  readonly subjectPublicKeyInfo: Buffer;
  /** Absent for Ed25519 and ML-DSA, which take their message whole. */
  readonly signParts?: (parts: readonly Uint8Array[]) => Promise<Buffer>;
  readonly #digest: string | null;
  readonly #key: { key: KeyObject; padding?: number; saltLength?: number };

  constructor(label: string, algorithm: SignatureAlgorithmName, key: KeyObject) {
    const scheme = SIGNATURE_SCHEMES[algorithm];
    this.label = label;
    this.algorithm = algorithm;
    this.subjectPublicKeyInfo = createPublicKey(key).export({ type: 'spki', format: 'der' });
    this.#digest = scheme.digest;
    this.#key = { key, ...paddingOf(scheme) };
    const { digest } = scheme;
    if (digest) this.signParts = (parts) => signInParts(digest, parts, this.#key);
  }

  /** Asynchronous by contract: a failing signature rejects and never throws. */
  async sign(message: Uint8Array): Promise<Buffer> {
    return this.signNow(message);
  }

  signNow(message: Uint8Array): Buffer {
    return sign(this.#digest, message, this.#key);
  }
}
