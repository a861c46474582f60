import type { KeyType } from '../pki/key-type.ts';
import { encodePem } from '../pki/pem.ts';
import { encryptPrivateKey } from './encrypted-private-key.ts';
import { generateKey } from './generate-key.ts';
import type { Passphrase } from './passphrase.ts';
import type { ScryptCost } from './pbes2-key-derivation.ts';
import { writeNewFile } from './write-new-file.ts';

/**
 * Makes a key and writes it encrypted (PEM, RFC 7468 §11) into a new file of mode 0600, durable when the promise
 * resolves; resolves with the SubjectPublicKeyInfo (DER). Throws KeyError `key-file-exists`, `key-file-unwritable` or
 * `runtime-unsupported`.
 */
export async function createKeyFile(options: {
  path: string;
  keyType: KeyType;
  passphrase: Passphrase;
  cost?: ScryptCost;
}): Promise<Buffer> {
  const { privateKey, publicKey } = await generateKey(options.keyType);
  const privateKeyInfo = privateKey.export({ type: 'pkcs8', format: 'der' });
  const { passphrase, cost } = options;
  const encrypted = await encryptPrivateKey({ privateKeyInfo, passphrase, cost });
  privateKeyInfo.fill(0);
  await writeNewFile(options.path, Buffer.from(encodePem('ENCRYPTED PRIVATE KEY', encrypted), 'latin1'));
  return publicKey.export({ type: 'spki', format: 'der' });
}
