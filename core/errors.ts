export interface DomainErrorOptions {
  /** Facts for the log; never secrets, PINs or patient data. */
  context?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * An expected refusal: `code` comes from a closed union per folder, `detail` is safe to show to the caller.
 * Whatever is not a DomainError is a bug and ends as an opaque 500 at the edge.
 */
export class DomainError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly detail: string;
  readonly context: Record<string, unknown>;

  constructor(code: Code, detail: string, options: DomainErrorOptions = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.detail = detail;
    this.context = options.context ?? {};
  }
}

/** Closes a switch over a union: a case that was forgotten does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${String(value)}`);
}

/** The `code` that system and database errors carry (`EEXIST`, SQLSTATE), if there is one. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
