import type { Transaction } from '../../core/transaction.ts';
import type { OfficeId } from '../officer.ts';
import type { Card, CardBatch, CardCertificate, CardChange, CardId, CardState } from './card.ts';

export interface CardFilter {
  /** Absent: all offices, and those that are with the CA. */
  officeId?: OfficeId;
  state?: CardState;
  /** Beginning of a serial. */
  serial?: string;
  /** Only cards older than this one: the last of the page before. */
  before?: CardId;
  limit: number;
}

/** How many cards of one state an office has; without an office: the CA. */
export interface CardCount {
  officeId?: OfficeId;
  state: CardState;
  cards: number;
}

/** Cards. `lock` keeps everybody else from changing the row until the transaction ends. */
export interface CardStore {
  /** The batch of this reference that is there already, if it is; then nothing is inserted. */
  insertBatch(tx: Transaction, batch: CardBatch): Promise<CardBatch | undefined>;
  /** Serials among these that another batch brought before; none, and all cards are inserted. */
  insertAll(tx: Transaction, cards: readonly Card[]): Promise<string[]>;
  listBatches(limit: number): Promise<CardBatch[]>;
  lock(tx: Transaction, id: CardId): Promise<Card | undefined>;
  lockBySerial(tx: Transaction, serial: string): Promise<Card | undefined>;
  /** Writes state, office, version and the change behind it. */
  change(tx: Transaction, card: Card, change: CardChange): Promise<void>;
  find(id: CardId): Promise<Card | undefined>;
  findBySerial(serial: string): Promise<Card | undefined>;
  /** Newest first. */
  list(filter: CardFilter): Promise<Card[]>;
  counts(officeId?: OfficeId): Promise<CardCount[]>;
  /** Oldest first. */
  changesOf(id: CardId): Promise<CardChange[]>;
  /** Oldest first; those whose personalisation was given up are on no card. */
  certificatesOf(id: CardId): Promise<CardCertificate[]>;
  certificatesIn(tx: Transaction, id: CardId): Promise<CardCertificate[]>;
}
