/**
 * What the agent or the card says no with. Codes of this page itself: `agent-absent`, `agent-refused` (it serves another
 * console), `agent-not-genuine`, `pairing-refused`, `pairing-expired`; all others are the agent's (docs/CARD-AGENT.md).
 */
export class CardAgentError extends Error {
  readonly code: string;
  readonly detail: string;

  constructor(code: string, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.name = 'CardAgentError';
    this.code = code;
    this.detail = detail;
  }
}

/** Whether a body is the agent's `{code, detail}`. */
export function isFailureBody(body: unknown): body is { code: string; detail: string } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string'
  );
}
