import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { openWhole } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import { oidOf } from '../pki/der/values.ts';
import { ALG } from '../pki/oid.ts';
import { decodePem } from '../pki/pem.ts';
import { decryptPrivateKey } from './encrypted-private-key.ts';
import { runtimeUnsupported } from './generate-key.ts';
import { KeyError } from './key-error.ts';
import type { Passphrase } from './passphrase.ts';
import { readSecretFile } from './read-secret-file.ts';

/** An encrypted RSA-4096 key in PEM has 3.4 KB, ML-DSA-65 with its expanded key 6 KB. */
const KEY_FILE_OCTETS_MAX = 32_768;

/**
 * Reads an encrypted private key (PKCS#8 in PEM or DER, of mode 0600). Throws KeyError: `secret-file-*`, `key-file-*`,
 * `key-passphrase`, `runtime-unsupported`.
 */
export async function readKeyFile({
  path,
  passphrase,
}: {
  path: string;
  passphrase: Passphrase;
}): Promise<KeyObject> {
  const contents = await readSecretFile({ path, octetsMax: KEY_FILE_OCTETS_MAX, sharing: 'owner' });
  const encryptedPrivateKeyInfo = encryptedKeyOf(contents, path);
  const privateKeyInfo = await decryptPrivateKey({ encryptedPrivateKeyInfo, passphrase });
  try {
    return importPrivateKey(privateKeyInfo);
  } finally {
    privateKeyInfo.fill(0);
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
