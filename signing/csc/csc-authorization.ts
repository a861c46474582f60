import type { Id } from '../../core/id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { RelyingPartyHouse } from '../relying-parties/relying-party.ts';
import type { SealedContent } from '../sealed-content.ts';
import type { SessionHouse } from '../sessions/session-house.ts';
import type { SessionId } from '../sessions/session.ts';

export type AuthorizationId = Id<'csc-authorization'>;

export const CSC_SCOPES = ['service', 'credential'] as const;
export type CscScope = (typeof CSC_SCOPES)[number];

/** What the phone confirmed is fetched in this time, or not at all. */
export const SAD_SECONDS = 300;

/**
 * What a holder is asked to allow, by the signature session in which the phone signs it: exactly these hashes for one signing
 * (scope credential), or to be known to a relying party (scope service).
 */
export interface CscAuthorization {
  id: AuthorizationId;
  relyingPartyId: string;
  scope: CscScope;
  sessionId: SessionId;
  /** Whose credentials may be listed, with scope service. */
  userId?: string;
  /** Of the page on which the holder waits; absent where the client polls with a handle. */
  interactionSha256?: Buffer;
  requestSha256: Buffer;
  /** SHA-256 over each document, in the order of the session's signatures. */
  hashes: readonly Buffer[];
  createdAt: Date;
  /** Of the activation data; a later one replaces an earlier one that was not used. */
  sadSha256?: Buffer;
  /** Once, whatever becomes of the answer. */
  usedAt?: Date;
  /** What was answered, for those who fetch it later. */
  answer?: SealedContent;
  answerUntil?: Date;
}

export interface CscAuthorizationStore {
  /** False, and nothing is inserted, when the page has one already. */
  insert(tx: Transaction, authorization: CscAuthorization): Promise<boolean>;
  find(id: AuthorizationId): Promise<CscAuthorization | undefined>;
  lock(tx: Transaction, id: AuthorizationId): Promise<CscAuthorization | undefined>;
  ofInteraction(interactionSha256: Buffer): Promise<CscAuthorization | undefined>;
  ofSad(sadSha256: Buffer): Promise<CscAuthorization | undefined>;
  /** The newest one of a party for the same request that nobody has used, made after a moment. */
  ofRequest(
    relyingPartyId: string,
    requestSha256: Buffer,
    since: Date,
  ): Promise<CscAuthorization | undefined>;
  setSad(tx: Transaction, id: AuthorizationId, sadSha256: Buffer): Promise<void>;
  setUsed(
    tx: Transaction,
    id: AuthorizationId,
    use: { at: Date; answer?: SealedContent; answerUntil?: Date },
  ): Promise<void>;
  /** Forgets answers whose time is over. */
  pruneAnswers(now: Date): Promise<void>;
}

/** Where the browser of a holder may be sent back to, as the CA has entered it; a party without one has no OAuth pages. */
export interface RedirectUriStore {
  /** Replaces all of them. */
  set(tx: Transaction, relyingPartyId: string, redirectUris: readonly string[], at: Date): Promise<void>;
  of(relyingPartyId: string): Promise<readonly string[]>;
}

export type CscHouse = SessionHouse &
  Pick<RelyingPartyHouse, 'relyingParties'> & {
    authorizations: CscAuthorizationStore;
    redirectUris: RedirectUriStore;
  };

export function authorizationSubject(id: AuthorizationId): string {
  return `csc-authorization:${id}`;
}
