import type { CertificateDirectory } from '../certificate-directory.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { HoldHouse } from '../holds/hold-house.ts';
import type { OfficeStore } from '../offices/office-store.ts';
import type { CardStore } from './card-store.ts';

/** What the life of cards works with. */
export interface CardHouse extends HoldHouse {
  cards: CardStore;
  offices: Pick<OfficeStore, 'find'>;
  directory: CertificateDirectory;
  transactions: TransactionRunner;
}
