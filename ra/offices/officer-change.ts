import type { Id } from '../../core/ids.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { OfficeId, OfficerId, Role } from '../officer.ts';

export type OfficerChangeId = Id<'officer-change'>;

/**
 * What two officers decide about a third. `reset`: the officer's passkeys and certificates are lost, and a new
 * link may be made. `certify`: the
 * officer has asked for a certificate.
 */
export type ChangeOfOfficer =
  | { kind: 'add'; name: string; nationalId?: NationalId; roles: readonly Role[] }
  | { kind: 'set-roles'; roles: readonly Role[] }
  | { kind: 'remove' | 'restore' | 'reset' }
  | { kind: 'certify'; /** PKCS#10, DER. */ certificationRequest: Buffer };

export const OFFICER_CHANGE_KINDS = ['add', 'set-roles', 'remove', 'restore', 'reset', 'certify'] as const;

export const OFFICER_CHANGE_STATES = ['pending', 'confirmed', 'rejected'] as const;

export type OfficerChange = ChangeOfOfficer & {
  id: OfficerChangeId;
  officeId: OfficeId;
  /** Of a new officer too: drawn when the change is proposed. */
  officerId: OfficerId;
  proposedBy: OfficerId;
  proposedAt: Date;
  state: (typeof OFFICER_CHANGE_STATES)[number];
  decidedBy?: OfficerId;
  decidedAt?: Date;
};

export interface OfficerChangeFilter {
  /** Absent: of all offices. */
  officeId?: OfficeId;
  state?: OfficerChange['state'];
  before?: OfficerChangeId;
  limit: number;
}

/** Changes of officers; what is decided stays as it is. */
export interface OfficerChangeStore {
  /** False when the same kind of change of the officer is pending already. */
  insert(tx: Transaction, change: OfficerChange): Promise<boolean>;
  lock(tx: Transaction, id: OfficerChangeId): Promise<OfficerChange | undefined>;
  decide(
    tx: Transaction,
    id: OfficerChangeId,
    decision: Required<Pick<OfficerChange, 'state' | 'decidedBy' | 'decidedAt'>>,
  ): Promise<OfficerChange>;
  /** Newest first. */
  list(filter: OfficerChangeFilter): Promise<OfficerChange[]>;
}
