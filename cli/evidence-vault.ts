import { join } from 'node:path';

import type { Clock } from '../core/clock.ts';
import { KeyError } from '../keys/key-error.ts';
import { SealingKeys } from '../keys/sealing-keys.ts';
import type { SealingKeysOptions } from '../keys/sealing-keys.ts';
import type { EvidenceVault } from '../ra/evidence/evidence-house.ts';
import { readKeyPassphrase } from './key-passphrase.ts';
import type { KeyPassphraseSource } from './key-passphrase.ts';

export type VaultOptions = KeyPassphraseSource & { dataDirectory: string; clock: Clock };

/** The sealing keys of the data directory, opened when they are first needed and again when another process has made one. */
export function openEvidenceVault(options: VaultOptions): EvidenceVault {
  let opening: Promise<SealingKeys> | undefined;
  const keys = () => {
    opening ??= sealingOptions(options).then((sealing) => SealingKeys.open(sealing));
    // A failure is not kept: what is missing may be put there.
    opening.catch(() => (opening = undefined));
    return opening;
  };
  return {
    seal: async (id, content) => (await keys()).seal(id, content),
    unseal: async (id, content) => {
      try {
        return (await keys()).unseal(id, content);
      } catch (error) {
        if (!(error instanceof KeyError) || error.code !== 'sealing-key-missing') throw error;
        opening = undefined;
        return (await keys()).unseal(id, content);
      }
    },
  };
}

/** Where the keys are, and what opens them. */
export async function sealingOptions({
  dataDirectory,
  clock,
  ...source
}: VaultOptions): Promise<SealingKeysOptions> {
  const folder = join(dataDirectory, 'keys', 'evidence');
  return { folder, passphrase: await readKeyPassphrase(folder, source), clock };
}
