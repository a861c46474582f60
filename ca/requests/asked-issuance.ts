import type { AuditActor } from '../../audit/audit-event.ts';
import type { IssuanceRequest } from '../issue/issuance-request.ts';

/** What a process that holds no CA key asks of one that does. */
export type Asked =
  /** To certify. */
  | { kind: 'issue'; authorityId: string; origin: string; spkiSha256: Buffer; content: string }
  /** To show that the key of a CA signs now. */
  | { kind: 'readiness'; authorityId: string };

/** What an `issue` holds, before it is written and after it is read. */
export interface AskedIssuance {
  request: IssuanceRequest;
  actor: AuditActor;
}

export type Answer =
  | { outcome: 'done' }
  /** `mayPass`: the same may be granted later; the request can be made again. */
  | { outcome: 'refused'; code: string; detail: string; mayPass: boolean };

/**
 * Requests and their answers, durable before either is acted on. Of an origin and key one request is open at a time: whoever asks
 * again joins it.
 */
export interface RequestStore {
  /** Returns the number of the request, or of the one that is open. */
  ask(asked: Asked, at: Date): Promise<string>;
  /** Undefined while there is none. */
  answerOf(id: string): Promise<Answer | undefined>;
}

/** The side of it that answers. */
export interface RequestQueue {
  /**
   * Takes the oldest open request that nobody is at work on, and keeps others from it until the answer is durable; a process that
   * dies meanwhile lets go of it. False: there is none.
   */
  answerNext(work: (asked: Asked) => Promise<Answer>, now: () => Date): Promise<boolean>;
  /** The open request of an origin. */
  openContent(origin: string): Promise<string | undefined>;
  /** Forgets what was answered before. */
  prune(answeredBefore: Date): Promise<void>;
}
