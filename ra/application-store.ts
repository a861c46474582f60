import type { Transaction } from '../core/transaction.ts';
import type { Application, ApplicationId, ApplicationState } from './application.ts';
import type { OfficeId, OfficerId } from './officer.ts';

export interface ApplicationFilter {
  /** Absent: all offices. */
  officeId?: OfficeId;
  state?: ApplicationState;
  /** Part of a name in Persian or Latin, a national id, or a council number. */
  text?: string;
  /** Only applications older than this one: the last of the page before. */
  before?: ApplicationId;
  limit: number;
}

export type Decision = Pick<Application, 'state' | 'decidedBy' | 'decidedAt' | 'decisionNote'>;

/** What follows a decision. */
export type Proceeding =
  | { state: 'activation' | 'issued' | 'expired' }
  | { state: 'accepted'; acceptedBy: OfficerId; acceptedAt: Date };

/** Applications. `lock` keeps everybody else from changing the row until the transaction ends. */
export interface ApplicationStore {
  /** False, and nothing is inserted, when another living application has the same key. */
  insert(tx: Transaction, application: Application): Promise<boolean>;
  lock(tx: Transaction, id: ApplicationId): Promise<Application | undefined>;
  /** Changes the state and adds one to the version. */
  update(tx: Transaction, id: ApplicationId, decision: Decision): Promise<Application>;
  /** The same after the decision, which stays as it is. */
  proceed(tx: Transaction, id: ApplicationId, next: Proceeding): Promise<Application>;
  /** Writes down the key that a phone has activated with; undefined when another living application has it. */
  setKey(
    tx: Transaction,
    id: ApplicationId,
    key: Required<Pick<Application, 'certificationRequest' | 'subjectPublicKeyInfo'>>,
  ): Promise<Application | undefined>;
  find(id: ApplicationId): Promise<Application | undefined>;
  /** Newest first. */
  list(filter: ApplicationFilter): Promise<Application[]>;
}
