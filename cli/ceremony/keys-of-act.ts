import { dirname, join, resolve } from 'node:path';

import type { CeremonyAct } from '../../ca/ceremony/act.ts';
import { readKeyPassphrase } from '../key-passphrase.ts';
import type { KeyPassphraseSource } from '../key-passphrase.ts';
import { KeyStore } from '../key-store.ts';
import { CeremonyKeys } from './ceremony-keys.ts';
import { secretReader } from './secret-reader.ts';
import type { SecretSurroundings } from './secret-reader.ts';

/** The key store that an act works with: the one it names on an offline machine, else that of `mohr serve`. */
export async function keysOfAct(
  act: CeremonyAct,
  where: {
    file: string;
    dataDirectory: string;
    keyPassphraseFile?: string;
    secrets: Omit<SecretSurroundings, 'folder'>;
  },
): Promise<CeremonyKeys> {
  if (!('keyStore' in act)) {
    const { keyPassphraseFile, secrets } = where;
    const { credentialsDirectory } = secrets;
    return onlineKeys(join(where.dataDirectory, 'keys'), { keyPassphraseFile, credentialsDirectory });
  }
  const folder = dirname(resolve(where.file));
  const surroundings = { ...where.secrets, folder };
  const { keyStore } = act;
  return new CeremonyKeys({
    folder: keyStore.folder === undefined ? undefined : resolve(folder, keyStore.folder),
    passphrase:
      keyStore.passphrase && secretReader('Passphrase of the key store', keyStore.passphrase, surroundings),
    pin: keyStore.pin && secretReader('PIN of the token', keyStore.pin, surroundings),
  });
}

/** Opening makes the folder when this is the first act on the machine. */
async function onlineKeys(folder: string, source: KeyPassphraseSource): Promise<CeremonyKeys> {
  await KeyStore.open(folder);
  return new CeremonyKeys({ folder, passphrase: () => readKeyPassphrase(folder, source) });
}
