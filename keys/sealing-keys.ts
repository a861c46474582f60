import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../core/clock.ts';
import * as asn1 from '../pki/der/encode.ts';
import { openWhole } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';
import { decodePem, encodePem } from '../pki/pem.ts';
import { decryptPrivateKey, encryptPrivateKey } from './encrypted-private-key.ts';
import { KeyError } from './key-error.ts';
import type { Passphrase } from './passphrase.ts';
import type { ScryptCost } from './pbes2-key-derivation.ts';
import { readSecretFile } from './read-secret-file.ts';
import { writeNewFile } from './write-new-file.ts';

const KEY_OCTETS = 32;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;
/** RFC 5084 §3.2: id-aes256-GCM; says what the key in the envelope is for. */
const AES_256_GCM = '2.16.840.1.101.3.4.1.46';
/** An envelope has some 400 octets. */
const FILE_OCTETS_MAX = 8 * 1024;
const FILE = /^(evidence-[0-9a-f]{12}-[0-9a-f]{8})\.key$/;
/** Separates these keys from any other use of the same one. */
const PURPOSE = 'mohr evidence 1';
/** What is expanded to it: the purpose, and the number of the block. */
const FIRST_BLOCK = Buffer.from(`${PURPOSE}\x01`);

export interface SealingKeysOptions {
  folder: string;
  passphrase: Passphrase;
  clock: Clock;
  cost?: ScryptCost;
}

/** What was sealed: nonce, ciphertext, tag, and which key opens it. */
export interface SealedContent {
  keyId: string;
  sealed: Buffer;
}

/**
 * Keys that keep stored content from whoever has the database only. The newest seals, all open: a new one is made by `rotate`, and
 * the old ones stay for what they have sealed. Each content has a key of its own, derived from its id, so that no nonce is used
 * twice however many there are.
 */
export class SealingKeys {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #newest: string;

  private constructor(keys: ReadonlyMap<string, Buffer>) {
    this.#keys = keys;
    this.#newest = [...keys.keys()].sort().at(-1)!;
  }

  /** Opens the keys of a folder, and makes the first one where there is none. Throws KeyErrors of files and passphrases. */
  static async open(options: SealingKeysOptions): Promise<SealingKeys> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    await chmod(options.folder, 0o700);
    const names = (await readdir(options.folder)).filter((name) => FILE.test(name));
    if (names.length === 0) names.push(await makeKey(options));
    const keys = new Map<string, Buffer>();
    for (const name of names) keys.set(FILE.exec(name)![1], await readKey(options, name));
    return new SealingKeys(keys);
  }

  /** Makes the key that seals from the next opening on; returns its id. */
  static async rotate(options: SealingKeysOptions): Promise<string> {
    await SealingKeys.open(options);
    return FILE.exec(await makeKey(options))![1];
  }

  /** `id` names the content and opens it again; with another one it does not open. */
  seal(id: string, content: Uint8Array): SealedContent {
    const keyId = this.#newest;
    const nonce = randomBytes(NONCE_OCTETS);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(keyId, id), nonce);
    cipher.setAAD(Buffer.from(id));
    const sealed = Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    return { keyId, sealed };
  }

  /** Throws KeyError `sealing-key-missing` or `sealed-content-damaged`. */
  unseal(id: string, { keyId, sealed }: SealedContent): Buffer {
    const key = this.#keyOf(keyId, id);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_OCTETS), {
        authTagLength: TAG_OCTETS,
      });
      decipher.setAAD(Buffer.from(id));
      decipher.setAuthTag(sealed.subarray(-TAG_OCTETS));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_OCTETS, -TAG_OCTETS)), decipher.final()]);
    } catch {
      throw new KeyError('sealed-content-damaged', 'the stored content is not what was sealed');
    }
  }

  #keyOf(keyId: string, id: string): Buffer {
    const key = this.#keys.get(keyId);
    if (!key)
      throw new KeyError('sealing-key-missing', `the key ${keyId} is not among those of this process`);
    return derivedKey(key, Buffer.from(id));
  }
}

/**
 * HKDF-SHA-256 (RFC 5869 §2) of as many octets as one block has; `hkdfSync` of node:crypto, which is the same, takes two and a half
 * times as long.
 */
function derivedKey(key: Buffer, salt: Buffer): Buffer {
  const extracted = createHmac('sha256', salt).update(key).digest();
  return createHmac('sha256', extracted).update(FIRST_BLOCK).digest();
}

/** Names sort by their time: the last one is the newest. */
async function makeKey({ folder, passphrase, clock, cost }: SealingKeysOptions): Promise<string> {
  const time = clock.now().getTime().toString(16).padStart(12, '0');
  const name = `evidence-${time}-${randomBytes(4).toString('hex')}.key`;
  const key = randomBytes(KEY_OCTETS);
  const privateKeyInfo = asn1.sequence(
    asn1.integer(0),
    asn1.sequence(asn1.oid(AES_256_GCM)),
    asn1.octetString(key),
  );
  const encrypted = await encryptPrivateKey({ privateKeyInfo, passphrase, ...(cost && { cost }) });
  for (const secret of [key, privateKeyInfo]) secret.fill(0);
  await writeNewFile(
    join(folder, name),
    Buffer.from(encodePem('ENCRYPTED PRIVATE KEY', encrypted), 'latin1'),
  );
  return name;
}

async function readKey({ folder, passphrase }: SealingKeysOptions, name: string): Promise<Buffer> {
  const path = join(folder, name);
  const text = await readSecretFile({ path, octetsMax: FILE_OCTETS_MAX, sharing: 'group' });
  const [block] = decodePem(text.toString('latin1'), ['ENCRYPTED PRIVATE KEY']);
  const info = await decryptPrivateKey({ encryptedPrivateKeyInfo: block.bytes, passphrase });
  const reader = openWhole(info);
  reader.read(TAG.integer);
  reader.read(TAG.sequence);
  const key = Buffer.from(reader.read(TAG.octetString).content);
  info.fill(0);
  if (key.length === KEY_OCTETS) return key;
  throw new KeyError('key-file-malformed', `${path} holds ${key.length} octets, expected ${KEY_OCTETS}`);
}
