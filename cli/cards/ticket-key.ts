import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { createKeyFile } from '../../keys/create-key-file.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import { KeyError } from '../../keys/key-error.ts';
import type { Signer } from '../../keys/signer.ts';
import { readKeyPassphrase } from '../key-passphrase.ts';
import type { KeyPassphraseSource } from '../key-passphrase.ts';

export type TicketKeyOptions = KeyPassphraseSource & { dataDirectory: string };

/**
 * The key that signs tickets for card agents, in a file of the data directory: made when it is first asked for, and the same for
 * every process that shares the directory. With another one, each agent would have to be paired anew.
 */
export function ticketKey({ dataDirectory, ...source }: TicketKeyOptions): () => Promise<Signer> {
  let opening: Promise<Signer> | undefined;
  return () => {
    opening ??= open(join(dataDirectory, 'keys', 'cards'), source);
    // A failure is not kept: what is missing may be put there.
    opening.catch(() => (opening = undefined));
    return opening;
  };
}

async function open(folder: string, source: KeyPassphraseSource): Promise<Signer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const path = join(folder, 'tickets.key');
  const passphrase = await readKeyPassphrase(folder, source);
  await createKeyFile({ path, keyType: 'ed25519', passphrase }).catch((error: unknown) => {
    if (!(error instanceof KeyError && error.code === 'key-file-exists')) throw error;
  });
  return openFileSigner({ path, passphrase });
}
