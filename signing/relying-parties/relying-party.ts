import type { JWK } from 'jose';

import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { PatientView } from '../display/display-line.ts';

export const PATIENT_VIEWS = ['masked', 'whole'] as const satisfies readonly PatientView[];

/** A prescription system or an insurer, by the name that it presents itself with. */
export interface RelyingParty {
  id: string;
  /** What the holder reads; the CA says it, never the party. */
  displayedName: string;
  patientView: PatientView;
  /** Whole addresses that its sessions may name. */
  callbackUrls: readonly string[];
  /** It may have digests signed that it has made by itself: of what, no phone can show. */
  mayHandInDigests: boolean;
  version: number;
  registeredAt: Date;
  disabledAt?: Date;
}

/** By what it is known. */
export type RelyingPartyCredential = {
  /** Thumbprint of the key (RFC 7638), or SHA-256 of the certificate; base64url or hexadecimal. */
  keyId: string;
  addedAt: Date;
} & ({ kind: 'jwk'; jwk: JWK } | { kind: 'certificate'; notAfter: Date });

export type CredentialKind = RelyingPartyCredential['kind'];

export interface RelyingPartyWithCredentials extends RelyingParty {
  credentials: RelyingPartyCredential[];
}

/** One to follow the other. */
export const CREDENTIALS_PER_KIND_MAX = 2;
export const CALLBACK_URLS_MAX = 10;

export interface RelyingPartyStore {
  /** False, and nothing is inserted, when the id is taken. */
  insert(tx: Transaction, party: RelyingParty): Promise<boolean>;
  /** False, and nothing is changed, when it is not of the version before. */
  update(tx: Transaction, party: RelyingParty): Promise<boolean>;
  /** With credentials in force; the row stays locked until the transaction ends. */
  lock(tx: Transaction, id: string): Promise<RelyingPartyWithCredentials | undefined>;
  /** False, and nothing is inserted, when somebody has this credential, or this party had it. */
  insertCredential(tx: Transaction, id: string, credential: RelyingPartyCredential): Promise<boolean>;
  /** False when it has no such credential. Ends the tokens of a party, too. */
  removeCredential(
    tx: Transaction,
    id: string,
    credential: { kind: CredentialKind; keyId: string },
    at: Date,
  ): Promise<boolean>;
  endTokens(tx: Transaction, id: string): Promise<void>;
  find(id: string): Promise<RelyingPartyWithCredentials | undefined>;
  /** The same without credentials. */
  terms(id: string): Promise<RelyingParty | undefined>;
  list(): Promise<RelyingPartyWithCredentials[]>;
  /** False when the assertion was used before. */
  useAssertion(tx: Transaction, id: string, jtiSha256: Buffer, expiresAt: Date): Promise<boolean>;
  insertToken(tx: Transaction, tokenSha256: Buffer, id: string, expiresAt: Date): Promise<void>;
  ofToken(tokenSha256: Buffer, now: Date): Promise<RelyingParty | undefined>;
  ofCertificate(sha256Hex: string, now: Date): Promise<RelyingParty | undefined>;
  /** Forgets assertions and tokens whose time is over. */
  prune(now: Date): Promise<void>;
}

export interface RelyingPartyHouse {
  relyingParties: RelyingPartyStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}
