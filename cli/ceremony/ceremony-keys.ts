import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { KeyChoice } from '../../ca/ceremony/act.ts';
import type { KeyUse } from '../../ca/ceremony/transcript.ts';
import { createKeyFile } from '../../keys/create-key-file.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import { generateTokenKey } from '../../keys/generate-token-key.ts';
import { KeyError } from '../../keys/key-error.ts';
import { openPkcs11Signer } from '../../keys/pkcs11-signer.ts';
import type { ScryptCost } from '../../keys/pbes2-key-derivation.ts';
import type { TokenSigner } from '../../keys/pkcs11-signer.ts';
import type { Signer } from '../../keys/signer.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { parseKeyReference } from '../key-reference.ts';
import { sha256Of } from './ceremony-files.ts';
import type { SecretReader } from './secret-reader.ts';

export interface CeremonyKeysOptions {
  /** Folder of `file:` keys, and the passphrase that they are under. */
  folder?: string | undefined;
  passphrase?: SecretReader | undefined;
  /** PIN of tokens whose URI has no pin-source. */
  pin?: SecretReader | undefined;
  /** What guessing the passphrase of a new key costs; that of `keys/` when absent. */
  cost?: ScryptCost | undefined;
}

/** Key that signs transcripts and nothing else, made in the key store at first use. */
const TRANSCRIPT_KEY = { reference: 'file:ceremony.key', keyType: 'ed25519' } as const;

/** The keys of one ceremony: made where the act says so, opened, noted for the transcript, closed at the end. */
export class CeremonyKeys {
  readonly used: KeyUse[] = [];
  readonly #options: CeremonyKeysOptions;
  readonly #tokens: TokenSigner[] = [];

  constructor(options: CeremonyKeysOptions) {
    this.#options = options;
  }

  /** Throws KeyError `key-file-exists` or `key-exists` instead of making a key again, and what opening throws. */
  async open(role: string, { reference, make }: KeyChoice): Promise<Signer> {
    const { place, algorithm } = parseKeyReference(reference);
    const isToken = place.startsWith('pkcs11:');
    if (make && isToken) await generateTokenKey({ uri: place, keyType: make, pin: await this.#pin() });
    else if (make) await this.#makeFile(place, make);
    const signer = isToken ? await this.#openToken(place, algorithm) : await this.#openFile(place, algorithm);
    this.used.push({
      role,
      reference: signer.label,
      algorithm: signer.algorithm,
      spkiSha256: sha256Of(signer.subjectPublicKeyInfo),
      made: make !== undefined,
    });
    return signer;
  }

  /** Opened before the act, so that a wrong passphrase is found before anything is signed. */
  async openTranscriptKey(chosen: KeyChoice | undefined): Promise<Signer> {
    if (chosen) return this.open('transcript', chosen);
    const { reference, keyType } = TRANSCRIPT_KEY;
    const isThere = existsSync(this.#fileOf(reference).path);
    return this.open('transcript', { reference, ...(!isThere && { make: keyType }) });
  }

  async close(): Promise<void> {
    await Promise.all(this.#tokens.map((token) => token.close()));
  }

  async #makeFile(reference: string, keyType: NonNullable<KeyChoice['make']>): Promise<void> {
    const { folder, path, readPassphrase } = this.#fileOf(reference);
    const { cost } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Later keys are checked by opening one that is there; the first has nothing to be checked against.
    const confirm = !readdirSync(folder).some((name) => name.endsWith('.key'));
    await createKeyFile({ path, keyType, passphrase: await readPassphrase({ confirm }), cost });
  }

  async #openFile(reference: string, algorithm?: SignatureAlgorithmName): Promise<Signer> {
    const { path, readPassphrase } = this.#fileOf(reference);
    const passphrase = await readPassphrase({ confirm: false });
    return openFileSigner({ path, passphrase, ...(algorithm && { algorithm }) });
  }

  async #openToken(uri: string, algorithm?: SignatureAlgorithmName): Promise<Signer> {
    const signer = await openPkcs11Signer({ uri, pin: await this.#pin(), ...(algorithm && { algorithm }) });
    this.#tokens.push(signer);
    return signer;
  }

  async #pin() {
    return this.#options.pin?.({ confirm: false });
  }

  #fileOf(reference: string): { folder: string; path: string; readPassphrase: SecretReader } {
    const { folder, passphrase } = this.#options;
    if (folder && passphrase) {
      return { folder, path: join(folder, reference.slice('file:'.length)), readPassphrase: passphrase };
    }
    throw new KeyError('passphrase-source', `${reference}: the key store has no folder`);
  }
}
