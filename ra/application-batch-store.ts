import type { Transaction } from '../core/transaction.ts';
import type { Application, ApplicationId } from './application.ts';

/** An application of a batch, decided when it is filed. */
export type DecidedApplication = Application &
  Required<Pick<Application, 'decidedBy' | 'decidedAt' | 'certificationRequest' | 'subjectPublicKeyInfo'>>;

/** Applications by the hundred, for campaigns. */
export interface ApplicationBatchStore {
  /**
   * Inserts all, each with the exemption that stands in the place of an approval; returns those that were left out because
   * another living application has their key.
   */
  insertAll(
    tx: Transaction,
    applications: readonly DecidedApplication[],
    campaign: string,
  ): Promise<ApplicationId[]>;
  /** Approved ones become issued; the others stay as they are. */
  markIssued(tx: Transaction, ids: readonly ApplicationId[]): Promise<void>;
  /** Approved ones whose certificate exists become issued; a crash between the two left them. */
  markIssuedWithCertificate(tx: Transaction, ids: readonly ApplicationId[]): Promise<void>;
  /** Keys (SHA-256 over SubjectPublicKeyInfo, hex) that are certified or in a living application, with that one's id if any. */
  keysInUse(spkiSha256s: readonly Buffer[]): Promise<Map<string, ApplicationId | undefined>>;
}
