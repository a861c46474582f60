import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';
import type { TimeStampFailure } from '../pki/tsp/time-stamp-response.ts';

export type TsaErrorCode =
  | 'time-stamp-algorithm'
  | 'time-stamp-request'
  | 'time-stamp-format'
  | 'time-stamp-policy'
  | 'time-stamp-extension'
  | 'time-not-available'
  | 'time-stamping-unit-missing';

/** Why there is no time stamp. */
export class TsaError extends DomainError<TsaErrorCode> {
  constructor(code: TsaErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'TsaError';
  }
}

/** What each refusal is called in a response (RFC 3161 §2.4.2). */
export const FAILURE_OF: Readonly<Record<TsaErrorCode, TimeStampFailure>> = {
  'time-stamp-algorithm': 'badAlg',
  'time-stamp-request': 'badRequest',
  'time-stamp-format': 'badDataFormat',
  'time-stamp-policy': 'unacceptedPolicy',
  'time-stamp-extension': 'unacceptedExtension',
  'time-not-available': 'timeNotAvailable',
  'time-stamping-unit-missing': 'systemFailure',
};
