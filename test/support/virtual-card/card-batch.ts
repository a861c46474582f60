import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { OPENSC_CONFIGURATION } from '../../../keys/card/opensc-configuration.ts';
import type { CardStack, VirtualReader } from './card-stack.ts';

export const TRANSPORT_PIN = '135790';
export const PUK = '1234567890123456';

/** Points OpenSC in this process at what it needs to unblock PINs; answers the variables for other processes. */
export function configureOpensc(stack: CardStack): Record<string, string> {
  const file = join(stack.folder, 'opensc.conf');
  writeFileSync(file, OPENSC_CONFIGURATION);
  const variables = { ...stack.variables, OPENSC_CONF: file };
  Object.assign(process.env, variables);
  return variables;
}

/** A card as its maker delivers it: initialised by pkcs15-init, with transport PIN and PUK; it ends in no reader. */
export async function deliverCard(stack: CardStack, reader: VirtualReader, serial: string): Promise<void> {
  await reader.insert(serial);
  execFileSync(
    'pkcs15-init',
    [
      ...['--create-pkcs15', '--serial', serial, '--label', 'Medical Council'],
      ...['--so-pin', TRANSPORT_PIN, '--so-puk', PUK],
    ],
    { stdio: 'pipe', env: { ...process.env, ...stack.variables } },
  );
  await reader.pull();
}

/** As many copies of what is on a card, as if there were several of it. */
export function copyCard(stack: CardStack, card: string, copy: string): void {
  copyFileSync(stack.fileOf(card), stack.fileOf(copy));
}
