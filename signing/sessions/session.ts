import type { AuditActor } from '../../audit/audit-event.ts';
import type { Id } from '../../core/id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { SignatureFormat } from '../assemble-signature.ts';
import type { StructuredMediaType } from '../display/display-document.ts';
import type { PatientView } from '../display/display-line.ts';
import type { ReservedContents } from '../pades/reserved-contents.ts';
import type { SealedContent } from '../sealed-content.ts';
import type { Credential, CredentialId } from './credential.ts';
import type { Pairing } from './pairing.ts';
import type { SessionLevel } from './session-level.ts';
import type { EndState, SessionState } from './session-state.ts';

export type SessionId = Id<'signature-session'>;

/** The holder looks at the phone, compares the code and enters the PIN in this time, or not at all. */
export const SESSION_SECONDS = 180;
/** More than are read before they are approved together. */
export const DOCUMENTS_MAX = 20;
/** Signatures wait so long to be fetched; the evidence stays. */
export const RESULT_SECONDS = 24 * 3600;
/** Wrong PINs in a row after which the phone drops the key. */
export const PIN_FAILURES_MAX = 5;

/** One document of a session; its content is absent where only a hash was given. */
export interface SessionDocument {
  title: string;
  /** Over what is signed; of a PDF, over what its signature covers. */
  sha256: Buffer;
  signed:
    { mediaType: StructuredMediaType; content: Buffer } | { displayText: string; pdf?: ReservedContents };
}

/** Whose key signs. */
export interface SessionCredential extends CredentialId {
  certificateSha256: Buffer;
}

/** A session without what is in it. */
export interface Session {
  id: SessionId;
  relyingPartyId: string;
  /** Absent while it waits for a phone that scans its code. */
  credential?: SessionCredential;
  /** Absent: it goes to the phone of the holder who was named. */
  pairing?: Pairing;
  state: SessionState;
  format: SignatureFormat;
  level: SessionLevel;
  verificationCode: string;
  /** Three codes, the right one among them. */
  codeChoices: readonly string[];
  displaySha256: Buffer;
  requestSha256: Buffer;
  idempotencyKey?: string;
  callbackUrl?: string;
  answerSha256?: Buffer;
  /** Code of what went wrong, in ERROR. */
  failure?: string;
  createdAt: Date;
  expiresAt: Date;
  deliveredAt?: Date;
  displayedAt?: Date;
  signingTime?: Date;
  codeConfirmedAt?: Date;
  endedAt?: Date;
}

/** With what is sealed: the documents of an open session, the signatures of a signed one. */
export type SessionWithContent = Session & { content?: SealedContent };

export interface SessionEnd {
  state: EndState;
  at: Date;
  failure?: string;
}

export interface MadeSignature {
  signatureSha256: Buffer;
  documentSha256: Buffer;
  /** What the key signed; absent: nobody could have had it signed by handing in a digest. */
  readyDigest?: Buffer;
}

export interface Evidence {
  sessionId: SessionId;
  sha256: Buffer;
  /** Absent: its time was over, and it was deleted. */
  content?: SealedContent;
  recordedAt: Date;
}

/** A session, who asks, and all that decides whether the holder's key may sign now. */
export interface SessionOfHolder {
  session: SessionWithContent;
  /** Who asks, as the CA calls them. */
  displayedName: string;
  patientView: PatientView;
  credential: Credential;
}

export interface SessionStore {
  find(id: SessionId): Promise<SessionWithContent | undefined>;
  ofIdempotencyKey(relyingPartyId: string, key: string): Promise<SessionWithContent | undefined>;
  /** Keeps everybody else from changing it until the transaction ends. */
  lock(tx: Transaction, id: SessionId): Promise<SessionWithContent | undefined>;
  /** The open one of a credential. */
  lockOpenOf(tx: Transaction, credential: CredentialId): Promise<SessionWithContent | undefined>;
  /** That, if the phone may see it: not one that waits for its code to be scanned; and what is shown of who asks. */
  openOf(credential: CredentialId): Promise<SessionOfHolder | undefined>;
  /** What it takes to verify an answer. */
  ofHolder(id: SessionId): Promise<SessionOfHolder | undefined>;
  /** Open sessions whose time was over at a moment. */
  overdue(now: Date, limit: number): Promise<SessionId[]>;
  displayed(tx: Transaction, id: SessionId, at: Date, signingTime: Date): Promise<void>;
  codeConfirmed(tx: Transaction, id: SessionId, at: Date): Promise<void>;
  /** Other than by its signatures: what was to be signed is forgotten. */
  end(tx: Transaction, id: SessionId, end: SessionEnd): Promise<void>;
  queueCallback(tx: Transaction, id: SessionId, at: Date): Promise<void>;
  /** Returns how many wrong PINs in a row that makes; at the last one the credential is blocked. */
  countPinFailure(tx: Transaction, credential: CredentialId, failuresMax: number, at: Date): Promise<number>;
  /** Forgets the signatures of sessions that ended before a moment. */
  prune(before: Date): Promise<void>;
}

/** What was shown and signed, after its session has ended. */
export interface SignatureEvidenceStore {
  evidenceOf(id: SessionId): Promise<Evidence | undefined>;
  /** Sessions whose evidence was recorded before a moment and still has its content; the oldest first. */
  expiredEvidence(before: Date, limit: number): Promise<SessionId[]>;
  /** False when it has been deleted before. */
  deleteEvidence(tx: Transaction, id: SessionId, at: Date): Promise<boolean>;
}

/** Neither officer nor operator: what systems and phones do with each other. */
export const SESSION_ACTOR = { kind: 'service', id: 'signature-sessions' } as const satisfies AuditActor;

/** Whether a session is one of a phone's certificate. */
export function isOf({ credential }: Session, { authorityId, serialNumber }: CredentialId): boolean {
  return credential?.authorityId === authorityId && credential.serialNumber.equals(serialNumber);
}

export function sessionSubject(id: SessionId): string {
  return `signature-session:${id}`;
}
