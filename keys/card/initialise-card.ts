import { execFile } from 'node:child_process';

import { errorCode } from '../../core/errors.ts';
import type { Passphrase } from '../passphrase.ts';
import { CardError } from './card-error.ts';

/** A card that is busy for longer is stuck. */
const MILLISECONDS_MAX = 120_000;

export interface Initialisation {
  /** Name of the reader with the blank card. */
  reader: string;
  /** Printed on the card, and from now on in it. */
  serial: string;
  label: string;
  pin: Passphrase;
  puk: Passphrase;
}

/**
 * Makes an empty PKCS#15 card with a PIN and a PUK of a blank one, by OpenSC's pkcs15-init: no function of PKCS#11 does it
 * with OpenSC. The secrets go through the environment of that process, which no other user sees. Throws CardError `card-failed`.
 */
export async function initialiseCard(
  { reader, serial, label, pin, puk }: Initialisation,
  { program = 'pkcs15-init', variables }: { program?: string; variables: NodeJS.ProcessEnv },
): Promise<void> {
  const args = ['--create-pkcs15', '--reader', reader, '--serial', serial, '--label', label];
  const secrets = ['--so-pin', 'env:MOHR_CARD_PIN', '--so-puk', 'env:MOHR_CARD_PUK'];
  const env = {
    ...variables,
    MOHR_CARD_PIN: pin.reveal().toString('utf8'),
    MOHR_CARD_PUK: puk.reveal().toString('utf8'),
  };
  await new Promise<void>((resolve, reject) => {
    const options = { env, timeout: MILLISECONDS_MAX };
    const running = execFile(program, [...args, ...secrets], options, (error) => {
      // What it printed may repeat what it was given.
      if (error) reject(failure(serial, program, errorCode(error)));
      else resolve();
    });
    running.stdin?.end();
  });
}

function failure(serial: string, program: string, code: string | undefined): CardError {
  const reason = code === 'ENOENT' ? 'is not installed' : `ended with ${code}`;
  return new CardError('card-failed', `card ${serial} could not be initialised: ${program} ${reason}`);
}
