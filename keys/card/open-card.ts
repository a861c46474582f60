import type { Passphrase } from '../passphrase.ts';
import { CKF, CKU_USER } from '../pkcs11/constants.ts';
import type { CardCryptoki, Handle } from '../pkcs11/cryptoki.ts';
import { closeSession, openSession } from '../pkcs11/session-pool.ts';
import { CardError } from './card-error.ts';
import type { CardSlot, CardToken } from './card-slots.ts';
import type { CardType } from './card-type.ts';

/** Any token with a session: as long as its module is lent. */
export interface OpenToken {
  cryptoki: CardCryptoki;
  slot: Handle;
  session: Handle;
  /** For messages and logs. */
  label: string;
}

/** A card with a read-write session. */
export interface OpenCard extends OpenToken {
  token: CardToken;
  type: CardType;
}

/** Opens the card of a serial number for a piece of work. Throws CardError `card-absent`, `card-ambiguous`, `card-unknown-type`. */
export async function withOpenCard<T>(
  cryptoki: CardCryptoki,
  slots: readonly CardSlot[],
  serial: string,
  work: (card: OpenCard) => Promise<T>,
): Promise<T> {
  const { slot, token } = slotOf(slots, serial);
  const { type } = token;
  if (!type) {
    const names = `model "${token.model}" of "${token.manufacturer}"`;
    throw new CardError(
      'card-unknown-type',
      `card ${serial}: no row of the table of card types for ${names}`,
    );
  }
  const session = openSession(cryptoki, slot, CKF.rwSession);
  try {
    return await work({ cryptoki, slot, session, label: `card ${serial}`, token, type });
  } finally {
    closeSession(cryptoki, session);
  }
}

/** Logs the user in; without a PIN, at the reader's pad. Throws what PKCS#11 says, as `cardErrorOf` reads it. */
export function logIn({ cryptoki, session }: OpenCard, pin: Passphrase | undefined): void {
  cryptoki.C_Login(session, CKU_USER, textOf(pin));
}

/** A PIN as PKCS#11 takes it (UTF-8). */
export function textOf(pin: Passphrase | undefined): string | undefined {
  return pin?.reveal().toString('utf8');
}

function slotOf(slots: readonly CardSlot[], serial: string): CardSlot & { token: CardToken } {
  const found = slots.filter(
    (slot): slot is CardSlot & { token: CardToken } => slot.token?.serial === serial && serial !== '',
  );
  if (found.length === 1) return found[0];
  if (found.length === 0) throw new CardError('card-absent', `card ${serial} is in no reader`);
  throw new CardError('card-ambiguous', `${found.length} cards say that they are ${serial}`);
}
