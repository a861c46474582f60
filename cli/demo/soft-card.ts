import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { KeyError } from '../../keys/key-error.ts';
import { generateTokenKey } from '../../keys/generate-token-key.ts';
import { openPkcs11Signer } from '../../keys/pkcs11-signer.ts';
import type { TokenSigner } from '../../keys/pkcs11-signer.ts';

/** Where distributions and Homebrew put SoftHSM. */
const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

const LABEL = 'demo-card';
const PIN_MIN = 100_000;
const PIN_MAX = 1_000_000;

/** Plays a smart card for the demo: a token of SoftHSM, whose key cannot leave it either. */
export interface SoftCard {
  serial: string;
  signer: TokenSigner;
}

/**
 * Makes a token in a folder of its own and a key on it, by PKCS#11 as on any card. Resolves to what is missing on this machine
 * where it cannot be.
 */
export async function openSoftCard(folder: string): Promise<SoftCard | { missing: string }> {
  const modulePath = MODULES.find((path) => existsSync(path));
  if (modulePath === undefined) return { missing: 'SoftHSM (Debian: softhsm2)' };
  const pin = String(randomInt(PIN_MIN, PIN_MAX));
  const tokens = join(folder, 'tokens');
  await mkdir(tokens, { recursive: true });
  const configuration = join(folder, 'softhsm2.conf');
  await writeFile(configuration, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  const pinFile = join(folder, 'pin');
  await writeFile(pinFile, `${pin}\n`, { mode: 0o600 });
  // Read by the module when it is loaded, and by the program that initialises the token.
  process.env['SOFTHSM2_CONF'] = configuration;
  try {
    const pins = ['--so-pin', String(randomInt(PIN_MIN, PIN_MAX)), '--pin', pin];
    execFileSync('softhsm2-util', ['--init-token', '--free', '--label', LABEL, ...pins], { stdio: 'ignore' });
    const uri = `pkcs11:token=${LABEL};object=signing?module-path=${modulePath}&pin-source=file:${pinFile}`;
    await generateTokenKey({ uri, keyType: 'p-256' });
    return { serial: `DEMO-${randomInt(PIN_MIN, PIN_MAX)}`, signer: await openPkcs11Signer({ uri }) };
  } catch (error) {
    if (error instanceof KeyError && error.code === 'pkcs11-not-installed')
      return { missing: 'pkcs11js (an optional dependency)' };
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { missing: 'softhsm2-util' };
    throw error;
  }
}
