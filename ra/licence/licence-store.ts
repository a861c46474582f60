import type { CouncilNumber } from '../../core/council-number.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { LicenceStanding } from './licence-event.ts';
import type { LicenceMessage } from './licence-message.ts';

/** Why an authentic message has no effect. */
export type LicenceRefusal = 'sequence-used' | 'sequence-too-far' | 'holder-mismatch' | 'holder-deceased';

/** What became of the holder's certificates. */
export interface LicenceOutcome {
  held: number;
  released: number;
  revoked: number;
  unchanged: number;
}

/** Durable since it was received; `waiting` until its turn has come and the certificates have followed. */
export type StoredLicenceMessage = LicenceMessage & { bodySha256: Buffer } & (
    | { state: 'waiting' }
    | { state: 'applied'; outcome: LicenceOutcome }
    | { state: 'refused'; refusal: LicenceRefusal }
  );

export type NewLicenceMessage = LicenceMessage & {
  /** The signed octets, and what signs them: the Council cannot deny them later. */
  body: Buffer;
  signature: string;
  bodySha256: Buffer;
  receivedAt: Date;
  receivedBy: 'webhook' | 'feed';
  refusal?: LicenceRefusal;
};

/** One council number and how its licence stands. */
export interface LicenceHolder {
  councilNumber: CouncilNumber;
  nationalId: NationalId;
  standing: LicenceStanding;
  /** Of the last message that took its turn; 0 before the first. */
  lastSequence: number;
  /** Of the last message that had an effect on the standing. */
  lastMessageId?: string;
}

export interface LicenceStore {
  /** Makes the holder where there is none, and keeps everybody else from changing it until the transaction ends. */
  lockHolder(
    tx: Transaction,
    holder: Pick<LicenceHolder, 'councilNumber' | 'nationalId'>,
    now: Date,
  ): Promise<LicenceHolder>;
  updateHolder(tx: Transaction, holder: LicenceHolder, now: Date): Promise<void>;
  /** False, and nothing is inserted, when a message has this id. */
  insertMessage(tx: Transaction, message: NewLicenceMessage): Promise<boolean>;
  findMessage(tx: Transaction, messageId: string): Promise<StoredLicenceMessage | undefined>;
  /** The message of a holder with this sequence number that is waiting or applied. */
  messageAt(
    tx: Transaction,
    councilNumber: CouncilNumber,
    sequence: number,
  ): Promise<StoredLicenceMessage | undefined>;
  settle(
    tx: Transaction,
    messageId: string,
    result: { outcome: LicenceOutcome } | { refusal: LicenceRefusal },
    now: Date,
  ): Promise<void>;
  /** Counts one more failure of a message. */
  postpone(tx: Transaction, messageId: string, now: Date): Promise<void>;
  /** Holders whose next message is there and due at this moment, longest waiting first. */
  dueHolders(now: Date, limit: number): Promise<Pick<LicenceHolder, 'councilNumber' | 'nationalId'>[]>;
  /** Standings that say something of this person: the council number's, and every death. */
  standingsOf(councilNumber: CouncilNumber, nationalId: NationalId): Promise<LicenceStanding[]>;
  /** Where reading the feed goes on; undefined before the first page. */
  feedCursor(): Promise<string | undefined>;
  /** Moves the cursor, unless another process has moved it from `before` already. */
  moveFeedCursor(tx: Transaction, before: string | undefined, after: string, now: Date): Promise<void>;
}
