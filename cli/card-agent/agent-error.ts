import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

export type AgentErrorCode =
  | 'agent-settings'
  | 'agent-state-unreadable'
  | 'agent-restarted'
  | 'agent-unpaired'
  | 'agent-failed'
  | 'request-malformed'
  | 'request-replayed'
  | 'request-stale'
  | 'ticket-invalid'
  | 'ticket-expired'
  | 'ticket-used'
  | 'pairing-unknown'
  | 'pairing-commitment'
  | 'prompt-cancelled'
  | 'prompt-expired'
  | 'not-found'
  | 'too-large'
  | 'too-many'
  | 'update-unsigned'
  | 'update-older'
  | 'update-unreadable';

/** A refusal of the card agent. */
export class AgentError extends DomainError<AgentErrorCode> {
  constructor(code: AgentErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'AgentError';
  }
}

/** Status codes of those that an HTTP request can meet; all others are 400. */
export const STATUS_OF: Partial<Record<string, number>> = {
  'agent-unpaired': 401,
  'request-replayed': 401,
  'request-stale': 401,
  'ticket-invalid': 403,
  'ticket-expired': 403,
  'ticket-used': 403,
  'pairing-unknown': 404,
  'not-found': 404,
  'too-large': 413,
  'too-many': 429,
};
