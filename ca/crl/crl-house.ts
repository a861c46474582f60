import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { Authority } from '../authority/authority.ts';
import type { CrlCache } from './crl-cache.ts';
import type { CrlEntries } from './crl-entries.ts';
import type { CrlStatusSource } from './crl-status-source.ts';
import type { CrlHead, CrlStore } from './crl-store.ts';

/** An authority and the CRLs that it publishes. */
export interface CrlAuthority {
  authority: Pick<Authority, 'id' | 'certificate' | 'signer' | 'crlShards'>;
  complete: boolean;
  shards: boolean;
  /** Wants `complete`, on which delta CRLs build. */
  delta: boolean;
}

export interface CrlPolicy {
  /** A new CRL at least this often, whatever happened. */
  intervalSeconds: number;
  /** From thisUpdate to nextUpdate: a day may pass in which building fails. */
  lifetimeSeconds: number;
  /** Status changes are gathered for this long before a CRL is issued for them. */
  batchSeconds: number;
  /** After a failure nothing is tried for this long. */
  retrySeconds: number;
  /** The last CRL of each day is kept whole for this many days; of all others, all but the octets. */
  archiveDays: number;
}

export const DEFAULT_CRL_POLICY: CrlPolicy = {
  intervalSeconds: 12 * 3600,
  lifetimeSeconds: 24 * 3600,
  batchSeconds: 2,
  retrySeconds: 10,
  archiveDays: 400,
};

/** What issuing CRLs needs; wired in `cli`. */
export interface CrlHouse {
  /** Told of each CRL that this process has issued, for metrics. */
  onIssued?: (head: CrlHead, measured: { seconds: number; octets: number }) => void;
  authorities: readonly CrlAuthority[];
  /** Base of the addresses in CDP, IDP and FreshestCRL, without a slash at the end. */
  publicUrl: string;
  policy: CrlPolicy;
  source: CrlStatusSource;
  /** Where the leader keeps the entries; by default a thread of its own. */
  openEntries?: () => CrlEntries;
  store: CrlStore;
  /** What this process serves; told of each CRL that it publishes itself. */
  cache: CrlCache;
  transactions: TransactionRunner;
  audit: AuditLog;
  clock: Clock;
}
