import type { NationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { ApplicationId } from '../application.ts';
import type { CardId } from '../cards/card.ts';
import type { OfficeId } from '../officer.ts';
import type { Personalisation, PersonalisationId } from './personalisation.ts';

/** A certificate that was issued for a card, is good, and of which nobody has shown that the card has it. */
export interface Unconfirmed {
  applicationId: ApplicationId;
  authorityId: string;
  serialNumber: Buffer;
}

/** `lock` keeps everybody else from changing the row until the transaction ends. */
export interface PersonalisationStore {
  /** False, and nothing is inserted, when the application has another one that is not abandoned. */
  insert(tx: Transaction, personalisation: Personalisation): Promise<boolean>;
  lock(tx: Transaction, id: PersonalisationId): Promise<Personalisation | undefined>;
  update(tx: Transaction, personalisation: Personalisation): Promise<void>;
  find(id: PersonalisationId): Promise<Personalisation | undefined>;
  /** The one that is not abandoned. */
  ofApplication(id: ApplicationId): Promise<Personalisation | undefined>;
  /** Neither completed nor abandoned, newest first; of one office, or all. */
  underWay(officeId: OfficeId | undefined, limit: number): Promise<Personalisation[]>;
  /** Others of the card that are not abandoned, with the holder where the application is filed. */
  othersOnCard(
    tx: Transaction,
    cardId: CardId,
    except: ApplicationId,
  ): Promise<{ id: PersonalisationId; nationalId?: NationalId }[]>;
  /** Issued at or before a moment for a card, given up or not, and neither tested nor on hold. */
  unconfirmed(issuedUntil: Date, limit: number): Promise<Unconfirmed[]>;
  /** Whether a card has signed with the key of the application's certificate. */
  isConfirmed(tx: Transaction, id: ApplicationId): Promise<boolean>;
  /** Under way for an application that was rejected or withdrawn, or has expired, or for a draft that was discarded. */
  withoutCase(limit: number): Promise<PersonalisationId[]>;
}
