import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { ApplicationStore } from './application-store.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';

/** What the use cases of the registration authority work with. */
export interface RegistrationHouse {
  applications: ApplicationStore;
  issuer: CertificateIssuer;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}
