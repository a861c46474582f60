import type { AuditLog, WrittenEvents } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { ReadyDigestStore } from '../ready-digest.ts';
import type { Vault } from '../sealed-content.ts';
import type { CredentialDirectory } from './credential.ts';
import type { PairingStore } from './pairing-store.ts';
import type { SessionBell } from './session-bell.ts';
import type { LevelSources } from './session-level.ts';
import type { SessionSteps } from './session-steps.ts';
import type { SessionStore, SignatureEvidenceStore } from './session.ts';

/** What sessions live on. */
export interface SessionHouse {
  sessions: SessionStore;
  sessionSteps: SessionSteps;
  pairings: PairingStore;
  signatureEvidence: SignatureEvidenceStore;
  credentials: CredentialDirectory;
  readyDigests: Pick<ReadyDigestStore, 'wasHandedIn'>;
  vault: Vault;
  bell: SessionBell;
  audit: AuditLog & WrittenEvents;
  transactions: TransactionRunner;
  clock: Clock;
  /** Profiles of signing certificates whose key is on a phone. */
  phoneProfiles: readonly string[];
  /** Certificates of the issuers, the nearest first, without the root. */
  chainOf(authorityId: string): readonly Certificate[];
  levelSources: LevelSources;
  /** Wakes whoever sends callbacks. */
  onCallback(): void;
  /** Wakes whoever wakes phones. */
  onPush(): void;
}
