import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from './temporary-folder.ts';

export const SOFTHSM_MODULE = '/usr/lib/softhsm/libsofthsm2.so';

/** A SoftHSM token of this test process alone. */
export interface SoftToken {
  pinFile: string;
  /** The URI of the token itself: where a key store makes keys. */
  tokenUri: string;
  /** The URI of a key by its label. */
  uri(object: string): string;
  /** Pulls the token out, and puts it in again. */
  remove(): void;
  putBack(): void;
}

/**
 * Initializes a token in a folder of its own. SoftHSM reads SOFTHSM2_CONF from the environment when it is initialized, so
 * one process has one such token.
 */
export function softToken(t: { teardown(undo: () => void): void }): SoftToken {
  const folder = temporaryFolder(t);
  const tokens = join(folder, 'tokens');
  const pinFile = join(folder, 'pin');
  mkdirSync(tokens);
  writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  writeFileSync(pinFile, '567890\n', { mode: 0o600 });
  process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  const pins = ['--so-pin', '12345678', '--pin', '567890'];
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'Health CA', ...pins]);
  const location = `module-path=${SOFTHSM_MODULE}&pin-source=file:${pinFile}`;
  return {
    pinFile,
    tokenUri: `pkcs11:token=Health%20CA?${location}`,
    uri: (object) => `pkcs11:token=Health%20CA;object=${object}?${location}`,
    remove: () => renameSync(tokens, join(folder, 'away')),
    putBack: () => renameSync(join(folder, 'away'), tokens),
  };
}
