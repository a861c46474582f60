/** A refusal of the service (RFC 9457). */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[];

  constructor(status: number, code: string, detail: string, fields: readonly string[] = []) {
    super(`${code}: ${detail}`);
    this.name = 'ProblemError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** The service was not reached, or broke off: nobody knows whether it acted. */
export class ConnectionError extends Error {
  constructor(cause: unknown) {
    super('the service was not reached', { cause });
    this.name = 'ConnectionError';
  }
}

/** The passkey was not used: the officer said no, or the browser knows none. */
export class PasskeyError extends Error {
  readonly code: 'passkey-cancelled' | 'passkey-unsupported';

  constructor(code: PasskeyError['code'], cause: unknown) {
    super(code, { cause });
    this.name = 'PasskeyError';
    this.code = code;
  }
}

interface ProblemDocument {
  status?: number;
  code?: string;
  detail?: string;
  errors?: { field: string }[];
}

/** Reads a problem document; what is none (a proxy's page) becomes one by its status. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const document = await readProblem(response);
  return new ProblemError(
    response.status,
    document.code ?? `status-${response.status}`,
    document.detail ?? '',
    document.errors?.map(({ field }) => field) ?? [],
  );
}

async function readProblem(response: Response): Promise<ProblemDocument> {
  try {
    return (await response.json()) as ProblemDocument;
  } catch {
    return {};
  }
}
