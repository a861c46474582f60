import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { CertificateDirectory } from '../certificate-directory.ts';
import type { HoldStore } from '../holds/hold-store.ts';
import type { HolderStore } from './holder-store.ts';

/** What reading people and their files works with. */
export interface HolderHouse {
  holders: HolderStore;
  directory: CertificateDirectory;
  holds: Pick<HoldStore, 'recordOf'>;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

/** Officers who look people up. */
export const HOLDER_ROLES = [
  'clerk',
  'approving-officer',
  'office-manager',
  'ca-operator',
  'security-officer',
  'auditor',
] as const;
