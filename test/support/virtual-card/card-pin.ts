import { timingSafeEqual } from 'node:crypto';

import { SW, refuse } from './status-words.ts';

const TRIES = 3;
const PIN_OCTETS = 16;

/** A PIN or PUK as the card keeps it; `value` is hexadecimal, padded with zero octets. */
export interface StoredPin {
  value: string;
  triesLeft: number;
}

export function newPin(octets: Buffer): StoredPin {
  return { value: padded(octets).toString('hex'), triesLeft: TRIES };
}

/** Compares and counts; refuses with the tries that are left, or as blocked. */
export function verifyPin(pin: StoredPin, presented: Buffer): void {
  if (pin.triesLeft === 0) refuse(SW.pinBlocked);
  // Counted before it is compared: pulling the card in between is no free try.
  pin.triesLeft -= 1;
  if (!timingSafeEqual(padded(presented), Buffer.from(pin.value, 'hex')))
    refuse(pin.triesLeft === 0 ? SW.pinBlocked : SW.triesLeft | pin.triesLeft);
  pin.triesLeft = TRIES;
}

function padded(octets: Buffer): Buffer {
  if (octets.length > PIN_OCTETS) refuse(SW.wrongLength);
  const filled = Buffer.alloc(PIN_OCTETS);
  octets.copy(filled);
  return filled;
}
