import type { AuditActor } from '../../audit/audit-event.ts';
import type { Id } from '../../core/ids.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { AttestationVerdict, KeyAttestation } from '../../pki/attestation/key-attestation.ts';
import type { Name } from '../../pki/name.ts';
import type { ApplicationId } from '../application.ts';
import type { CertificateDirectory, CertificateRecord } from '../certificate-directory.ts';
import type { CertificateIssuer, CertificateRequest } from '../certificate-issuer.ts';
import type { AttestationHouse } from '../enrolment/shown-attestation.ts';
import type { HolderStore } from '../holders/holder-store.ts';
import type { HoldHouse } from '../holds/hold-house.ts';
import type { LicenceStore } from '../licence/licence-store.ts';
import type { RegisterHouse } from '../registers/ask-registers.ts';
import type { KeyStoreKind } from '../self-service/self-service-house.ts';

export type RenewalId = Id<'renewal'>;

/** A renewal that was asked for and passed every check; its certificate exists, or is to be issued. */
export interface Renewal {
  id: RenewalId;
  /** On which the person was seen. */
  applicationId: ApplicationId;
  profileId: string;
  authorityId: string;
  replaces: { authorityId: string; serialNumber: Buffer };
  /** What was asked for, and the signature over it: the holder's own word stands where a second officer's would. */
  document: Buffer;
  /** Absent: asked for over TLS with the certificate that is replaced. */
  signature?: Buffer;
  subjectPublicKeyInfo: Buffer;
  requestedAt: Date;
}

export interface RenewalStore {
  /** False, and nothing is inserted, when a renewal has this key. */
  insert(tx: Transaction, renewal: Renewal): Promise<boolean>;
  find(id: RenewalId): Promise<Renewal | undefined>;
  /** By SHA-256 over its SubjectPublicKeyInfo. */
  ofKey(spkiSha256: Buffer): Promise<Renewal | undefined>;
  /** Keeps the first refusal of what was to be issued. */
  refuse(tx: Transaction, id: RenewalId, code: string, at: Date): Promise<void>;
  /** False when it was accepted before. */
  accept(
    tx: Transaction,
    acceptance: { renewalId: RenewalId; document: Buffer; signature: Buffer; at: Date },
  ): Promise<boolean>;
  /** The certificate that came of it. */
  certificateOf(id: RenewalId): Promise<{ authorityId: string; serialNumber: Buffer } | undefined>;
}

/** The holder's signature is what lets the CA issue. */
export interface HolderSignature {
  kind: 'holder-signature';
  renewalId: RenewalId;
  document: Buffer;
  signature: Buffer;
  /** What the phone shows for its new key; the CA judges it by itself. */
  attestation?: KeyAttestation;
}

/** What lets the CA issue where the holder was there, and signed nothing that could be shown. */
export interface HolderSession {
  kind: 'holder-session';
  renewalId: RenewalId;
  document: Buffer;
}

export type RenewalRequest = CertificateRequest & { replaces: Renewal['replaces'] };

/** Declared here, satisfied by a certification authority. */
export interface RenewalIssuer extends Pick<CertificateIssuer, 'authorityFor' | 'hasIssued'> {
  checkRenewal(request: RenewalRequest): Promise<void>;
  /** Verifies the signature by itself. Resolves when the certificate is durable and its status visible. */
  issueRenewal(
    request: RenewalRequest,
    authorization: HolderSignature | HolderSession,
    actor: AuditActor,
  ): Promise<void>;
  /** Ids of the CAs of this name: one for each generation. */
  authoritiesNamed(name: Name): string[];
}

/**
 * Keys on phones may sign digests that others hand in. What such a key has signed so is never the holder's word, and a TLS handshake,
 * of which nobody here sees the digest, is none at all.
 */
export interface ReadyDigests {
  isSigner(tx: Transaction, certificate: Renewal['replaces']): Promise<boolean>;
  wasHandedIn(tx: Transaction, certificate: Renewal['replaces'], readyDigest: Buffer): Promise<boolean>;
}

export interface RenewalHouse extends RegisterHouse, HoldHouse, AttestationHouse {
  renewals: RenewalStore;
  readyDigests: ReadyDigests;
  directory: CertificateDirectory;
  holders: HolderStore;
  licences: Pick<LicenceStore, 'standingsOf'>;
  renewalIssuer: RenewalIssuer;
  transactions: TransactionRunner;
  keyStoreOf(profileId: string): KeyStoreKind | undefined;
  /** Whether a certificate may be renewed with nothing but a TLS handshake; the CA has its own say in it. */
  isRenewableOverTls: boolean;
}

export interface RenewalOutcome {
  renewal: Renewal;
  certificate: CertificateRecord;
  /** What the new key's attestation was found to prove; absent where none was shown, or it was asked for before. */
  verdict?: AttestationVerdict;
}

export function renewalOrigin(id: RenewalId): string {
  return `renewal:${id}`;
}

/** The renewal that an origin names; undefined when it is something else's. */
export function renewalOfOrigin(origin: string): RenewalId | undefined {
  const [kind, id] = origin.split(':', 2);
  return kind === 'renewal' ? (id as RenewalId) : undefined;
}

/** The holder's own doing. */
export const RENEWAL_ACTOR = { kind: 'service', id: 'renewal' } as const satisfies AuditActor;
