import type { Transaction } from '../../core/transaction.ts';
import type { ApplicantInput } from '../applicant-input.ts';
import type { ApplicationId, Delivery, DraftState } from '../application.ts';
import type { OfficeId, OfficerId } from '../officer.ts';

/** What a clerk has typed so far: whole or not, right or wrong. */
export interface DraftContent {
  profile?: string;
  applicant?: Partial<Omit<ApplicantInput, 'councilNumber'>> & {
    councilNumber?: Partial<ApplicantInput['councilNumber']>;
  };
  delivery?: Delivery;
  /** PKCS#10, PEM. */
  certificationRequest?: string;
}

export interface ApplicationDraft {
  /** Of the application too, when it is filed. */
  id: ApplicationId;
  officeId: OfficeId;
  /** `checked`: the registers have been asked about exactly this. */
  state: DraftState;
  version: number;
  content: DraftContent;
  savedBy: OfficerId;
  savedAt: Date;
}

/** Drafts, which any clerk of the office goes on with. */
export interface DraftStore {
  insert(tx: Transaction, draft: ApplicationDraft): Promise<void>;
  lock(tx: Transaction, id: ApplicationId): Promise<ApplicationDraft | undefined>;
  update(tx: Transaction, draft: ApplicationDraft): Promise<void>;
  remove(tx: Transaction, id: ApplicationId): Promise<void>;
  find(id: ApplicationId): Promise<ApplicationDraft | undefined>;
  /** Newest first; of one office, or all. */
  list(filter: {
    officeId?: OfficeId;
    state?: DraftState;
    before?: ApplicationId;
    limit: number;
  }): Promise<ApplicationDraft[]>;
}
