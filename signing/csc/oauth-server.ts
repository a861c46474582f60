import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a holder's browser has come for, from an authorization request that its client has pushed. */
export interface OauthInteraction {
  /** Known to this browser alone. */
  secret: string;
  clientId: string;
  /** The request's parameters, by their names. */
  params: Readonly<Record<string, unknown>>;
}

/** How a page ends: with what a holder has allowed, or with an error of OAuth 2.0 (RFC 6749 §4.1.2.1). */
export type OauthOutcome = { subject: string } | { error: string; description: string };

export interface OauthToken {
  clientId: string;
  /** What a holder has allowed; absent where a client has authenticated for itself. */
  subject?: string;
}

/** An OAuth 2.0 authorization server, whose holders are asked by somebody else. */
export interface OauthServer {
  /** Answers a request for one of its endpoints; the address is without what it is mounted at. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The request that a browser is in the middle of; undefined when there is none, or its time is over. */
  interactionOf(request: IncomingMessage, response: ServerResponse): Promise<OauthInteraction | undefined>;
  /** Sends the browser on, with a redirect. */
  finish(request: IncomingMessage, response: ServerResponse, outcome: OauthOutcome): Promise<void>;
  tokenOf(token: string): Promise<OauthToken | undefined>;
  /** Ends a client's own token; others are left alone (RFC 7009 §2.1). */
  revoke(clientId: string, token: string): Promise<void>;
}

/** What an authorization server keeps, one kind beside the other: requests, codes, tokens. */
export interface OauthRecord {
  kind: string;
  /** SHA-256 of the secret that the record is found by. */
  idSha256: Buffer;
  grantSha256?: Buffer;
  keyId: string;
  sealed: Buffer;
  expiresAt?: Date;
  consumedAt?: Date;
}

export interface OauthRecordStore {
  put(record: OauthRecord): Promise<void>;
  /** False when there is one already. */
  putOnce(record: OauthRecord): Promise<boolean>;
  find(kind: string, idSha256: Buffer, now: Date): Promise<OauthRecord | undefined>;
  /** False when somebody was first. */
  consume(kind: string, idSha256: Buffer, at: Date): Promise<boolean>;
  remove(kind: string, idSha256: Buffer): Promise<void>;
  removeGrant(kind: string, grantSha256: Buffer): Promise<void>;
  prune(now: Date): Promise<void>;
}
