import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { basename } from 'node:path';

import { openWhole } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import { oidOf } from '../pki/der/values.ts';
import { ALG } from '../pki/oid.ts';
import { decodePem } from '../pki/pem.ts';
import { SIGNATURE_SCHEMES, paddingOf } from '../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { decryptPrivateKey } from './encrypted-private-key.ts';
import { runtimeUnsupported } from './generate-key.ts';
import { KeyError } from './key-error.ts';
import { algorithmOf, keyTypeOf } from './key-type.ts';
import type { Passphrase } from './passphrase.ts';
import { assertSignerMatches } from './prove-possession.ts';
import { readSecretFile } from './read-secret-file.ts';
import { signInParts } from './sign-in-parts.ts';
import type { Signer } from './signer.ts';

/** An encrypted RSA-4096 key in PEM has 3.4 KB, ML-DSA-65 with its expanded key 6 KB. */
const KEY_FILE_OCTETS_MAX = 32_768;

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
  const contents = await readSecretFile({
    path: options.path,
    octetsMax: KEY_FILE_OCTETS_MAX,
    sharing: 'owner',
  });
  const encryptedPrivateKeyInfo = encryptedKeyOf(contents, options.path);
  const privateKeyInfo = await decryptPrivateKey({ encryptedPrivateKeyInfo, passphrase: options.passphrase });
  try {
    return await openPrivateKey(importPrivateKey(privateKeyInfo), options);
  } finally {
    privateKeyInfo.fill(0);
  }
}

async function openPrivateKey(
  key: KeyObject,
  options: { path: string; algorithm?: SignatureAlgorithmName },
): Promise<Signer> {
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

function encryptedKeyOf(contents: Buffer, path: string): Buffer {
  const text = contents.toString('latin1');
  if (!text.includes('-----BEGIN ')) return contents;
  const [block, ...more] = decodePem(text, ['ENCRYPTED PRIVATE KEY']);
  if (block && more.length === 0) return block.bytes;
  if (/-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(text) && !block) {
    const advice = 'encrypt it with `openssl pkcs8 -topk8 -scrypt`';
    throw new KeyError('key-file-unencrypted', `${path} has no PKCS#8 encryption; ${advice}`);
  }
  throw new KeyError(
    'key-file-malformed',
    `${path} has ${block ? 'several keys' : 'no encrypted private key'}`,
  );
}

function importPrivateKey(privateKeyInfo: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: privateKeyInfo, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    if (algorithmOidOf(privateKeyInfo) === ALG.mlDsa65) throw runtimeUnsupported('ml-dsa-65', cause);
    throw new KeyError('key-file-malformed', 'the decrypted key cannot be read', { cause });
  }
}

function algorithmOidOf(privateKeyInfo: Buffer): string {
  const info = openWhole(privateKeyInfo);
  info.read(TAG.integer);
  return oidOf(info.into(TAG.sequence).read(TAG.oid));
}
