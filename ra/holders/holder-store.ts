import type { NationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { Application } from '../application.ts';
import type { OfficeId } from '../officer.ts';
import type { Holder, HolderContact, HolderId, NewContact } from './holder.ts';
import type { SearchTerms } from './search-terms.ts';

export interface HolderFilter {
  /** Absent: all offices; else holders for whom somebody of the office has filed. */
  officeId?: OfficeId;
  terms?: SearchTerms;
  /** Only holders who come after this one by name: the last of the page before. */
  after?: HolderId;
  limit: number;
}

/** An application as a holder's file lists it. */
export type FiledCase = Pick<
  Application,
  'id' | 'officeId' | 'state' | 'profileId' | 'filedBy' | 'filedAt' | 'decidedBy' | 'decidedAt'
>;

/** People. Their rows are made with their first application. */
export interface HolderStore {
  find(nationalId: NationalId): Promise<Holder | undefined>;
  /** By name, in the order of its search key. */
  search(filter: HolderFilter): Promise<Holder[]>;
  /** Newest first; of one office, or of all. */
  casesOf(nationalId: NationalId, officeId: OfficeId | undefined, limit: number): Promise<FiledCase[]>;
  contactOf(id: HolderId): Promise<HolderContact>;
  setContact(tx: Transaction, id: HolderId, contact: NewContact, at: Date): Promise<void>;
}
