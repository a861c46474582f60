import { KeyError } from '../key-error.ts';
import type { Passphrase } from '../passphrase.ts';
import { CKU_SO } from '../pkcs11/constants.ts';
import { returnValueOf } from '../pkcs11/cryptoki-error.ts';
import { CardError } from './card-error.ts';
import type { CardType } from './card-type.ts';
import { logIn, textOf } from './open-card.ts';
import type { OpenCard } from './open-card.ts';

/** What is typed when a card is handed to its holder. */
export interface NewPins {
  /** The PIN that the card came with; not asked where the PUK can be set. */
  transportPin?: Passphrase;
  /** The PUK that the card came with, where it can be set. */
  transportPuk?: Passphrase;
  pin: Passphrase;
  /** Where the card takes one now. */
  puk?: Passphrase;
}

/**
 * Replaces what the card came with by what its holder typed. Interrupted, it is done again with the same transport values:
 * the one that was asked first is replaced last. Throws CardError `pin-*`, `puk-wrong` or `card-cannot`.
 */
export function setCardPin(card: OpenCard, pins: NewPins): void {
  if (card.token.pinPad)
    throw new CardError('card-cannot', "a reader with a PIN pad changes PINs with its maker's program only");
  if (card.type.puk === 'so-set-pin') setByPuk(card, pins);
  else setByPin(card, pins);
}

/** Unblocks the PIN and sets it anew; throws CardError `puk-wrong` (a try of the PUK is gone), `puk-locked` or `card-cannot`. */
export function unblockCardPin(card: OpenCard, { puk, pin }: { puk: Passphrase; pin: Passphrase }): void {
  if (card.type.unblock === 'none')
    throw new CardError('card-cannot', `cards of type ${card.type.name} are unblocked elsewhere`);
  asOfficer(card, puk, () => card.cryptoki.C_InitPIN(card.session, required(pin)));
}

/** Whether a PIN or PUK has a length that the card takes: wrong ones would cost a try. */
export function hasLength(secret: Passphrase, { min, max }: CardType['pinLength']): boolean {
  const { length } = secret.reveal();
  return length >= min && length <= max;
}

function setByPin(card: OpenCard, { transportPin, pin }: NewPins): void {
  // Logged in first: that alone tells a wrong transport PIN from a new one that the card does not like.
  logIn(card, transportPin);
  card.cryptoki.C_SetPIN(card.session, required(transportPin), required(pin));
}

function setByPuk(card: OpenCard, { transportPuk, pin, puk }: NewPins): void {
  asOfficer(card, transportPuk, () => {
    card.cryptoki.C_InitPIN(card.session, required(pin));
    card.cryptoki.C_SetPIN(card.session, required(transportPuk), required(puk));
  });
}

/** OpenSC only keeps the PUK at C_Login, and says that it is wrong at C_InitPIN. */
function asOfficer(card: OpenCard, puk: Passphrase | undefined, work: () => void): void {
  const { cryptoki, session } = card;
  try {
    cryptoki.C_Login(session, CKU_SO, textOf(puk));
    try {
      work();
    } finally {
      cryptoki.C_Logout(session);
    }
  } catch (cause) {
    const returnValue = returnValueOf(cause);
    if (returnValue === 'CKR_PIN_INCORRECT')
      throw new CardError('puk-wrong', `${card.label} refuses the PUK`, { cause });
    if (returnValue === 'CKR_PIN_LOCKED')
      throw new CardError('puk-locked', `${card.label} takes no PUK any more: its keys are lost`, { cause });
    throw cause;
  }
}

function required(secret: Passphrase | undefined): string {
  const text = textOf(secret);
  if (text === undefined) throw new KeyError('passphrase-source', 'a PIN or PUK was not given');
  return text;
}
