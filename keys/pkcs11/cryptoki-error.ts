import { KeyError } from '../key-error.ts';

/** Return values after which no login is tried again: tokens lock after about three wrong PINs. */
const PIN_REFUSALS = [
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_EXPIRED',
  'CKR_PIN_LOCKED',
  'CKR_USER_PIN_NOT_INITIALIZED',
];

/** The return value's name in an error of pkcs11js, e.g. `CKR_DEVICE_REMOVED`; undefined when it is something else. */
export function returnValueOf(error: unknown): string | undefined {
  // Some calls throw `CKR_NAME:number` bare, others a Pkcs11Error with the name alone.
  return error instanceof Error ? /\bCKR_[A-Z0-9_]+/.exec(error.message)?.[0] : undefined;
}

/** A failed call of the token as a KeyError: `token-pin` or `key-unavailable`; a KeyError stays what it is. */
export function keyErrorOf(error: unknown, label: string): KeyError {
  if (error instanceof KeyError) return error;
  const returnValue = returnValueOf(error);
  if (returnValue && PIN_REFUSALS.includes(returnValue)) {
    const detail = `${label}: the token refuses the PIN (${returnValue}); no further try is made`;
    return new KeyError('token-pin', detail, { cause: error, context: { returnValue } });
  }
  const reason = returnValue ?? 'an unexpected failure';
  return new KeyError('key-unavailable', `${label}: ${reason}`, { cause: error, context: { returnValue } });
}
