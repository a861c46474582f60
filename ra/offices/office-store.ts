import type { Transaction } from '../../core/transaction.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Office, OfficeId, Officer, OfficerId, Role } from '../officer.ts';

/** An officer as those see them who manage officers. */
export interface OfficerRecord extends Officer {
  createdAt: Date;
  removedAt?: Date;
  /** Passkeys that are not removed. */
  passkeys: number;
}

/** Offices and the officers in them; the writes are taken by two, in `officer-change.ts`. */
export interface OfficeStore {
  /** By name; one office, or all. */
  list(officeId?: OfficeId): Promise<Office[]>;
  find(tx: Transaction, id: OfficeId): Promise<Office | undefined>;
  rename(tx: Transaction, id: OfficeId, name: string): Promise<void>;
  /** Removed ones too, in the order of their making. */
  listOfficers(officeId?: OfficeId): Promise<OfficerRecord[]>;
  /** Removed ones too; keeps everybody else from changing them until the transaction ends. */
  lockOfficer(tx: Transaction, id: OfficerId): Promise<OfficerRecord | undefined>;
  /** Other officers of the office who are the same person, and are not removed. */
  samePerson(
    tx: Transaction,
    officeId: OfficeId,
    nationalId: NationalId,
    except: OfficerId,
  ): Promise<Officer[]>;
  setRoles(tx: Transaction, id: OfficerId, roles: readonly Role[]): Promise<void>;
  /** `at` undefined: back in office. */
  setRemoved(tx: Transaction, id: OfficerId, at: Date | undefined): Promise<void>;
  removePasskeys(tx: Transaction, id: OfficerId, at: Date): Promise<void>;
  /** Returns how many were open. */
  endSessions(tx: Transaction, id: OfficerId, at: Date): Promise<number>;
}
