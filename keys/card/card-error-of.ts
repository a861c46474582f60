import { KeyError } from '../key-error.ts';
import { returnValueOf } from '../pkcs11/cryptoki-error.ts';
import { CardError } from './card-error.ts';
import type { CardErrorCode } from './card-error.ts';

/** Return values of PKCS#11 (3.0, §5.1) that say more than "failed". */
const CODES: Readonly<Record<string, CardErrorCode>> = {
  CKR_TOKEN_NOT_PRESENT: 'card-pulled',
  CKR_DEVICE_REMOVED: 'card-pulled',
  CKR_SLOT_ID_INVALID: 'card-pulled',
  CKR_SESSION_HANDLE_INVALID: 'card-pulled',
  CKR_SESSION_CLOSED: 'card-pulled',
  CKR_TOKEN_NOT_RECOGNIZED: 'card-blank',
  CKR_DEVICE_MEMORY: 'card-full',
  CKR_FUNCTION_NOT_SUPPORTED: 'card-cannot',
  CKR_MECHANISM_INVALID: 'card-cannot',
  CKR_PIN_INCORRECT: 'pin-wrong',
  CKR_PIN_INVALID: 'pin-length',
  CKR_PIN_LEN_RANGE: 'pin-length',
  CKR_PIN_LOCKED: 'pin-locked',
  CKR_FUNCTION_CANCELED: 'pin-cancelled',
};

/** Why a call of a card's module failed; what is no return value of PKCS#11 stays what it is. */
export function cardErrorOf(error: unknown, what: string): Error {
  if (error instanceof CardError || error instanceof KeyError) return error;
  const returnValue = returnValueOf(error);
  if (returnValue === undefined) return error instanceof Error ? error : new Error(String(error));
  const code = CODES[returnValue] ?? 'card-failed';
  return new CardError(code, `${what}: ${returnValue}`, { cause: error, context: { returnValue } });
}
