import { CKF } from '../pkcs11/constants.ts';
import type { CardCryptoki, Handle } from '../pkcs11/cryptoki.ts';
import { returnValueOf } from '../pkcs11/cryptoki-error.ts';
import { slotIdOf, withoutPadding } from '../pkcs11/token.ts';
import { cardTypeOf } from './card-type.ts';
import type { CardType, TokenFields } from './card-type.ts';

/**
 * What a token's flags say of its PIN. `blank`: nothing is on the card. `transport`: to be set or changed before use.
 * `unknown`: set; PKCS#11 does not say by whom. `wrong-before`: tries are missing. `last-try`: the next wrong one locks it.
 */
export type CardPinState = 'blank' | 'transport' | 'unknown' | 'wrong-before' | 'last-try' | 'locked';

export interface CardToken extends TokenFields {
  /** Empty on a blank card. */
  serial: string;
  /** Absent: no row of the table matches. */
  type: CardType | undefined;
  /** The PIN is typed at the reader (CKF_PROTECTED_AUTHENTICATION_PATH). */
  pinPad: boolean;
  pinState: CardPinState;
}

/** A reader, with the card that is in it. */
export interface CardSlot {
  slot: Handle;
  number: number;
  reader: string;
  token?: CardToken;
}

/** All readers of a module, and what is in them now. */
export function readSlots(cryptoki: CardCryptoki, types: readonly CardType[]): CardSlot[] {
  // Asked for once: modules look for new readers and cards then. A blank card is in no list of those that are present.
  cryptoki.C_GetSlotList(true);
  return cryptoki.C_GetSlotList(false).map((slot) => {
    const reader = withoutPadding(cryptoki.C_GetSlotInfo(slot).slotDescription);
    const token = readToken(cryptoki, slot, types);
    return { slot, number: slotIdOf(slot), reader, ...(token && { token }) };
  });
}

/** Undefined: no card, a broken one, or a slot that was never initialised by a module that cannot do it for us. */
function readToken(cryptoki: CardCryptoki, slot: Handle, types: readonly CardType[]): CardToken | undefined {
  try {
    const info = cryptoki.C_GetTokenInfo(slot);
    if ((info.flags & CKF.tokenInitialized) === 0) return undefined;
    const fields = {
      label: withoutPadding(info.label),
      manufacturer: withoutPadding(info.manufacturerID),
      model: withoutPadding(info.model),
    };
    return {
      ...fields,
      serial: withoutPadding(info.serialNumber),
      type: cardTypeOf(fields, types),
      pinPad: (info.flags & CKF.protectedAuthenticationPath) !== 0,
      pinState: pinStateOf(info.flags),
    };
  } catch (error) {
    return returnValueOf(error) === 'CKR_TOKEN_NOT_RECOGNIZED' ? blankToken(types) : undefined;
  }
}

function pinStateOf(flags: number): CardPinState {
  if (flags & CKF.userPinLocked) return 'locked';
  if (flags & CKF.userPinFinalTry) return 'last-try';
  if (flags & CKF.userPinCountLow) return 'wrong-before';
  if (flags & CKF.userPinToBeChanged || !(flags & CKF.userPinInitialized)) return 'transport';
  return 'unknown';
}

function blankToken(types: readonly CardType[]): CardToken {
  const type = types.find(({ initialise }) => initialise !== undefined);
  const fields = { label: '', manufacturer: '', model: '', serial: '' };
  return { ...fields, type, pinPad: false, pinState: 'blank' };
}
