import type { Transaction } from '../../core/transaction.ts';
import type { CertificateId } from '../status/status-store.ts';
import type { JudgedAttestation } from './judge-attestation.ts';
import type { ReplacedCertificate } from './renewal-window.ts';

/** The place of a holder in a key store, in which one certificate is active, and the one that may stand beside the new one. */
export interface HolderClaim {
  slot: string;
  replaces?: CertificateId;
}

/** Written before the CA key is used: whatever it may have signed can be found here. */
export interface IssuanceIntent {
  authorityId: string;
  serialNumber: Buffer;
  tbsCertificate: Buffer;
  /** SHA-256 of the subject's SubjectPublicKeyInfo: unique, so that no key is certified twice. */
  spkiSha256: Buffer;
  profileId: string;
  profileVersion: number;
  origin: string;
  intendedAt: Date;
  /** Digest of what the officer signed, where one has: an approval is good for one certificate. */
  approvalSha256?: Buffer;
  /** Of signing certificates. */
  holder?: HolderClaim;
  /** Of keys of phones that have shown where they are. */
  attestation?: JudgedAttestation;
}

export interface IssuedCertificate {
  authorityId: string;
  serialNumber: Buffer;
  /** DER. */
  bytes: Buffer;
  sha256: Buffer;
  profileId: string;
  origin: string;
  notBefore: Date;
  notAfter: Date;
  issuedAt: Date;
}

export type IntentOutcome =
  'recorded' | 'serial-taken' | 'approval-used' | 'key-reused' | 'holder-has-certificate';

/**
 * Intents and certificates; append-only. What a resolved write says is durable once the transaction is.
 * Trusted for uniqueness: two issuers racing for one serial number, one approval, one key or one holder are told apart here.
 */
export interface CertificateStore {
  /** Records nothing and says why when the serial number, the approval, the key or the holder's slot is taken. */
  recordIntent(tx: Transaction, intent: IssuanceIntent): Promise<IntentOutcome>;
  /** Undefined when it is recorded; the certificate of its intent that was there already when it is not. */
  recordCertificate(tx: Transaction, certificate: IssuedCertificate): Promise<IssuedCertificate | undefined>;
  /** Of each claim: whether another certificate of its slot is active at the moment, or is being issued. */
  servedHolders(tx: Transaction, claims: readonly HolderClaim[], at: Date): Promise<boolean[]>;
  /** The certificate that a claim replaces; undefined when the claim's slot has no such certificate. */
  findReplaced(tx: Transaction, claim: HolderClaim): Promise<ReplacedCertificate | undefined>;
  /** Intents that have neither certificate nor refusal: a crash between intent and certificate left them. */
  openIntents(tx: Transaction): Promise<IssuanceIntent[]>;
  /** Closes an open intent for good: no certificate of it can be recorded any more. False when there is one already. */
  refuseIntent(tx: Transaction, intent: CertificateId, refusal: { code: string; at: Date }): Promise<boolean>;
  findByOrigin(tx: Transaction, origin: string): Promise<IssuedCertificate | undefined>;
  /** The certificate of a key (SHA-256 of its SubjectPublicKeyInfo); no key has two. */
  findByKey(tx: Transaction, spkiSha256: Buffer): Promise<IssuedCertificate | undefined>;
}

/** The same for batches: a statement for each table, not for each row. */
export interface CertificateBatchStore {
  /** One outcome for each, in their order; of two in the batch with one key or serial number the second loses. */
  recordIntents(tx: Transaction, intents: readonly IssuanceIntent[]): Promise<IntentOutcome[]>;
  recordCertificates(tx: Transaction, certificates: readonly IssuedCertificate[]): Promise<void>;
  /** Those of the origins that have a certificate, by origin. */
  findByOrigins(tx: Transaction, origins: readonly string[]): Promise<Map<string, IssuedCertificate>>;
}
