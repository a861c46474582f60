export type PhoneErrorCode =
  'pin-wrong' | 'key-gone' | 'unlock-cancelled' | 'prf-missing' | 'link-malformed' | 'request-differs';

/** What the page itself refuses. */
export class PhoneError extends Error {
  readonly code: PhoneErrorCode;
  /** After a wrong PIN. */
  readonly triesLeft: number;

  constructor(code: PhoneErrorCode, { triesLeft = 0, cause }: { triesLeft?: number; cause?: unknown } = {}) {
    super(code, { cause });
    this.name = 'PhoneError';
    this.code = code;
    this.triesLeft = triesLeft;
  }
}
