import type { AuditActor } from '../../audit/audit-event.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { HoldHouse } from '../holds/hold-house.ts';
import type { HolderCertificates } from './holder-certificates.ts';
import type { LicenceStore } from './licence-store.ts';

/** Tells whether the Council has signed a message. */
export interface MessageVerifier {
  /** Undefined when it has not. `signedAt` is what the signature says of its time. */
  verify(
    body: Buffer,
    signature: string | undefined,
  ): Promise<{ keyId: string; signedAt?: Date } | undefined>;
}

/** What the use cases around licences work with. */
export interface LicenceHouse extends HoldHouse {
  licences: LicenceStore;
  holderCertificates: HolderCertificates;
  licenceMessages: MessageVerifier;
  transactions: TransactionRunner;
  /** Told of what failed after a message was accepted: it is tried again. */
  onLicenceFailure(error: unknown): void;
}

/** The Medical Council's machine, in events. */
export const COUNCIL: AuditActor = { kind: 'service', id: 'medical-council' };
