import type { Transaction } from '../../core/transaction.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { LogLeaf, RecordedEvent } from '../log-leaf.ts';
import type { GrownLevel } from '../merkle/grow-tree.ts';
import type { HashSource } from '../merkle/hash-source.ts';
import type { StoredCheckpoint } from '../transparency-store.ts';

/** A leaf of the published log that the database lacks. */
export interface LostLeaf {
  leafIndex: number;
  leaf: LogLeaf;
  leafHash: Buffer;
}

/** A certificate that was issued after the backup, as its event and its own octets tell of it. */
export interface LostCertificate {
  authorityId: string;
  serialNumber: Buffer;
  der: Buffer;
  tbsCertificate: Buffer;
  spkiSha256: Buffer;
  sha256: Buffer;
  profileId: string;
  profileVersion: number;
  origin: string;
  notBefore: Date;
  notAfter: Date;
  issuedAt: Date;
}

/** What a restored database is given back. Everything is durable with the transaction it is given, or not at all. */
export interface ReplayStore {
  /** Keeps everybody else from sequencing and from changing statuses until the transaction ends; the size of the tree. */
  lock(tx: Transaction): Promise<number>;
  hashesIn(tx: Transaction): HashSource;
  /** Events that are there under these identities. */
  knownEvents(tx: Transaction, ids: readonly number[]): Promise<RecordedEvent[]>;
  /** Appends leaves with what is public of their events; nobody can open their commitments any more, as is recorded. */
  appendLost(
    tx: Transaction,
    leaves: readonly LostLeaf[],
    knownEvents: ReadonlySet<number>,
    at: Date,
  ): Promise<void>;
  insertNodes(tx: Transaction, grown: readonly GrownLevel[]): Promise<void>;
  insertCheckpoint(tx: Transaction, checkpoint: StoredCheckpoint): Promise<void>;
  lastChangeNumber(tx: Transaction): Promise<number>;
  /** DER of certificates of the CAs that are here, by id. */
  issuers(tx: Transaction): Promise<Map<string, Buffer>>;
  /** Of some certificates, by SHA-256 in hexadecimal, those that are here. */
  knownCertificates(tx: Transaction, fingerprints: readonly string[]): Promise<Set<string>>;
  insertCertificate(tx: Transaction, certificate: LostCertificate): Promise<void>;
  insertChange(tx: Transaction, change: StatusChange & { requestedBy: string }): Promise<void>;
  /** A hold needs a cause that an officer can lift. */
  insertHoldCause(tx: Transaction, change: StatusChange, requestedBy: string): Promise<void>;
  setLastChangeNumber(tx: Transaction, changeNumber: number): Promise<void>;
}
