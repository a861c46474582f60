import { KeyError } from '../key-error.ts';
import type { Passphrase } from '../passphrase.ts';
import type { Pkcs11Uri } from '../pkcs11-uri.ts';
import { CKF, CKU_USER } from './constants.ts';
import type { Cryptoki, Handle } from './cryptoki.ts';
import { returnValueOf } from './cryptoki-error.ts';

/** The slot whose token a URI means; throws KeyError `token-not-found` when none or several match. */
export function findSlot(cryptoki: Cryptoki, uri: Pkcs11Uri): Handle {
  const matching = cryptoki.C_GetSlotList(true).filter((slot) => matches(cryptoki, slot, uri));
  if (matching.length === 1) return matching[0];
  const count = matching.length === 0 ? 'no token matches' : `${matching.length} tokens match`;
  throw new KeyError('token-not-found', `${count} ${uri.label}`);
}

/** Logs the process in as the token's user, unless it is already or the token asks for nothing. */
export function login(
  cryptoki: Cryptoki,
  options: { slot: Handle; session: Handle; pin?: Passphrase },
): void {
  const { slot, session, pin } = options;
  const { flags } = cryptoki.C_GetTokenInfo(slot);
  if ((flags & CKF.loginRequired) === 0) return;
  if (!pin && (flags & CKF.protectedAuthenticationPath) === 0) {
    throw new KeyError('passphrase-source', 'the token asks for a PIN; give pin-source=file:… in its URI');
  }
  try {
    cryptoki.C_Login(session, CKU_USER, pin?.reveal().toString('utf8'));
  } catch (error) {
    if (returnValueOf(error) !== 'CKR_USER_ALREADY_LOGGED_IN') throw error;
  }
}

function matches(cryptoki: Cryptoki, slot: Handle, uri: Pkcs11Uri): boolean {
  if (uri.slotId !== undefined && slotIdOf(slot) !== uri.slotId) return false;
  try {
    const info = cryptoki.C_GetTokenInfo(slot);
    const isWanted = (wanted: string | undefined, actual: string): boolean =>
      wanted === undefined || wanted === withoutPadding(actual);
    return (
      isWanted(uri.token, info.label) &&
      isWanted(uri.manufacturer, info.manufacturerID) &&
      isWanted(uri.model, info.model) &&
      isWanted(uri.serial, info.serialNumber)
    );
  } catch {
    // A broken token in another slot is nobody's business here; a broken one in ours ends as "no token matches".
    return false;
  }
}

/** A slot's number: CK_ULONG in the machine's order, which is little-endian wherever Node runs a module but s390x. */
export function slotIdOf(slot: Handle): number {
  return Number(slot.length === 8 ? slot.readBigUInt64LE() : slot.readUInt32LE());
}

/** Token and slot fields are filled up with blanks. */
export function withoutPadding(text: string): string {
  return text.replace(/[ \0]+$/, '');
}
