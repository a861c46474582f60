import type { Transaction } from '../../core/transaction.ts';
import type { ApplicationId } from '../application.ts';
import type { SecretHash } from '../self-service/secret-hash.ts';
import type { Activation, ActivationId, UsedActivation } from './activation.ts';

/** Activations; one of an application is in force, and none is forgotten. */
export interface ActivationStore {
  /** Voids the one of the application that was in force. */
  insert(tx: Transaction, activation: Activation): Promise<void>;
  /** How many were made for an application. */
  count(tx: Transaction, applicationId: ApplicationId): Promise<number>;
  /** The newest one. */
  newest(applicationId: ApplicationId): Promise<Activation | undefined>;
  /** The same, kept from everybody else until the transaction ends. */
  lockNewest(tx: Transaction, applicationId: ApplicationId): Promise<Activation | undefined>;
  setTries(tx: Transaction, id: ActivationId, tries: number): Promise<void>;
  setDeskSecret(tx: Transaction, id: ActivationId, secret: SecretHash): Promise<void>;
  /** `certificationRequest`: of a phone. */
  use(tx: Transaction, id: ActivationId, usedAt: Date, certificationRequest?: Buffer): Promise<void>;
  void(tx: Transaction, id: ActivationId, at: Date): Promise<void>;
  /** What an application was activated with. */
  usedOf(applicationId: ApplicationId): Promise<UsedActivation | undefined>;
  /** Applications that were activated, before a moment if one is given, and are not issued yet; after an id, in their order. */
  usedAndOpen(filter: { after?: ApplicationId; usedBefore?: Date; limit: number }): Promise<ApplicationId[]>;
  /** Applications that were approved before a moment and that nobody has activated, oldest first. */
  unusedSince(moment: Date, limit: number): Promise<ApplicationId[]>;
}
