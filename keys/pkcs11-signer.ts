import { createHash } from 'node:crypto';

import { digest } from '../pki/digest-algorithm.ts';
import { importPublicKey } from '../pki/public-key.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { KeyError } from './key-error.ts';
import { algorithmOf, keyTypeOf } from './key-type.ts';
import type { Passphrase } from './passphrase.ts';
import { keyErrorOf } from './pkcs11/cryptoki-error.ts';
import { pinReader } from './pkcs11/pin-reader.ts';
import { loadModule } from './pkcs11/pkcs11-module.ts';
import type { Pkcs11Module } from './pkcs11/pkcs11-module.ts';
import { chooseMechanism } from './pkcs11/signing-mechanism.ts';
import type { SigningMechanism } from './pkcs11/signing-mechanism.ts';
import { TokenLink } from './pkcs11/token-link.ts';
import { parsePkcs11Uri } from './pkcs11-uri.ts';
import { assertSignerMatches } from './prove-possession.ts';
import type { Signer } from './signer.ts';
import { updateInParts } from './update-in-parts.ts';

export interface Pkcs11SignerOptions {
  /** RFC 7512, with module-path, and with pin-source unless `pin` is given. */
  uri: string;
  pin?: Passphrase;
  /** Default: the first algorithm of the key's type. */
  algorithm?: SignatureAlgorithmName;
  /** Signatures made at once; more than libuv has threads (4) gain nothing. */
  sessionsMax?: number;
  /** Pause after a failed connection, in which signing is refused at once: modules may block for seconds to find nothing. */
  reconnectPauseMs?: number;
  /** Monotonic milliseconds. */
  elapsedMs?: () => number;
  /** Default: the one that the URI names. */
  module?: Pkcs11Module;
}

/** A signer that holds sessions of a token until it is closed. */
export interface TokenSigner extends Signer {
  /** Ends the sessions once running signatures are done, and the module with its last signer. */
  close(): Promise<void>;
}

/**
 * Opens a key on a token or HSM, logs in, and proves that it signs for its public key. A signature that fails is tried
 * once more on a new session; when that fails too, `sign` rejects with KeyError `key-unavailable` (or `key-busy`: too many
 * wait). Throws KeyError `pkcs11-*`, `passphrase-source`, `token-*`, `key-not-found`, `key-ambiguous`,
 * `key-type-not-allowed`, `algorithm-mismatch`, `key-mismatch` or `key-unavailable`.
 */
export async function openPkcs11Signer(options: Pkcs11SignerOptions): Promise<TokenSigner> {
  const uri = parsePkcs11Uri(options.uri);
  const link = new TokenLink({
    module: options.module ?? (await loadModule(uri.modulePath)),
    uri,
    readPin: pinReader(uri, options.pin),
    sessionsMax: options.sessionsMax ?? 4,
    reconnectPauseMs: options.reconnectPauseMs ?? 1000,
    elapsedMs: options.elapsedMs ?? (() => performance.now()),
  });
  try {
    const signer = await signerOver(link, uri.label, options.algorithm);
    await assertSignerMatches(signer, signer.subjectPublicKeyInfo);
    return signer;
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Asks the token which key it is, and settles algorithm and mechanism for good. */
function signerOver(
  link: TokenLink,
  label: string,
  wanted: SignatureAlgorithmName | undefined,
): Promise<Pkcs11Signer> {
  return link.use(async ({ subjectPublicKeyInfo, mechanisms }) => {
    const keyType = keyTypeOf(importPublicKey(subjectPublicKeyInfo));
    if (!keyType) {
      throw new KeyError('key-type-not-allowed', `${label} is a key of a type that nothing here signs with`);
    }
    const algorithm = algorithmOf(keyType, wanted);
    const mechanism = chooseMechanism(algorithm, mechanisms);
    return new Pkcs11Signer({ label, algorithm, subjectPublicKeyInfo, mechanism, link });
  });
}

class Pkcs11Signer implements TokenSigner {
  readonly label: string;
  readonly algorithm: SignatureAlgorithmName;
  readonly subjectPublicKeyInfo: Buffer;
  /** Absent where the token hashes by itself. */
  readonly signParts?: (parts: readonly Uint8Array[]) => Promise<Buffer>;
  readonly #mechanism: SigningMechanism;
  readonly #link: TokenLink;

  constructor(parts: {
    label: string;
    algorithm: SignatureAlgorithmName;
    subjectPublicKeyInfo: Buffer;
    mechanism: SigningMechanism;
    link: TokenLink;
  }) {
    this.label = parts.label;
    this.algorithm = parts.algorithm;
    this.subjectPublicKeyInfo = parts.subjectPublicKeyInfo;
    this.#mechanism = parts.mechanism;
    this.#link = parts.link;
    const { hash } = parts.mechanism;
    if (!hash) return;
    this.signParts = async (messageParts) => {
      const hashing = createHash(hash.name);
      await updateInParts(hashing, messageParts);
      return this.#signInput(hash.wrap(hashing.digest()));
    };
  }

  async sign(message: Uint8Array): Promise<Buffer> {
    const { hash } = this.#mechanism;
    // A copy of the message: it is read on another thread, later.
    return this.#signInput(hash ? hash.wrap(digest(hash.name, message)) : Buffer.from(message));
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  async #signInput(input: Buffer): Promise<Buffer> {
    try {
      return await this.#link.use((connection) => connection.sign(this.#mechanism, input));
    } catch (cause) {
      const error = keyErrorOf(cause, this.label);
      if (error.code === 'key-unavailable' || error.code === 'key-busy') throw error;
      throw new KeyError('key-unavailable', `${this.label}: ${error.detail}`, { cause });
    }
  }
}
