import { dirname, join, resolve } from 'node:path';

import type { CeremonyAct } from '../../ca/ceremony/act.ts';
import type { ScryptCost } from '../../keys/pbes2-key-derivation.ts';
import { readKeyPassphrase } from '../key-passphrase.ts';
import { KeyStore } from '../key-store.ts';
import { CeremonyKeys } from './ceremony-keys.ts';
import { secretReader } from './secret-reader.ts';
import type { SecretSurroundings } from './secret-reader.ts';

export interface KeySurroundings {
  /** The reviewed file. */
  file: string;
  dataDirectory: string;
  keyPassphraseFile?: string | undefined;
  keyPassphrasePrompt?: boolean | undefined;
  secrets: Omit<SecretSurroundings, 'folder'>;
  cost?: ScryptCost | undefined;
}

/** The key store that an act works with: the one it names on an offline machine, else that of `mohr serve`. */
export async function keysOfAct(act: CeremonyAct, where: KeySurroundings): Promise<CeremonyKeys> {
  if (!('keyStore' in act)) return onlineKeys(where);
  const folder = dirname(resolve(where.file));
  const surroundings = { ...where.secrets, folder };
  const { keyStore } = act;
  return new CeremonyKeys({
    cost: where.cost,
    folder: keyStore.folder === undefined ? undefined : resolve(folder, keyStore.folder),
    passphrase:
      keyStore.passphrase && secretReader('Passphrase of the key store', keyStore.passphrase, surroundings),
    pin: keyStore.pin && secretReader('PIN of the token', keyStore.pin, surroundings),
  });
}

/** Opening makes the folder when this is the first act on the machine. */
async function onlineKeys({
  dataDirectory,
  keyPassphraseFile,
  keyPassphrasePrompt,
  secrets,
  cost,
}: KeySurroundings): Promise<CeremonyKeys> {
  const folder = join(dataDirectory, 'keys');
  await KeyStore.open(folder);
  const { credentialsDirectory, terminal } = secrets;
  const source = { keyPassphraseFile, keyPassphrasePrompt, credentialsDirectory };
  const passphrase = () => readKeyPassphrase(folder, source, terminal);
  return new CeremonyKeys({ folder, passphrase, cost });
}
