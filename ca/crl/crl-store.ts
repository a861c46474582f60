import type { Transaction } from '../../core/transaction.ts';
import type { DerParts } from '../../pki/crl-encode.ts';
import type { CrlScope } from './crl-scope.ts';

/** A complete CRL on which a delta may build. */
export interface CrlBase {
  crlNumber: number;
  lastChangeNumber: number;
  thisUpdate: Date;
}

/** What is known of a published CRL without its octets. */
export interface CrlHead {
  scope: CrlScope;
  crlNumber: number;
  thisUpdate: Date;
  nextUpdate: Date;
  /** The CRL contains every status change up to this one and none after it. */
  lastChangeNumber: number;
  /** On delta CRLs: the complete CRLs issued on schedule that relying parties may still hold, oldest first; it builds on the first. */
  bases?: readonly CrlBase[];
}

export interface IssuedCrl extends CrlHead {
  /** DER, in parts: joined, a million entries would cost their 50 MB once more. */
  der: DerParts;
}

/** Which CRLs may lose their octets; what is known of them without these stays for ever. */
export interface CrlPruning {
  /** Those in force at or after this moment keep them: somebody may be fetching them. */
  supersededBefore: Date;
  /** The last one of each day (UTC) since then keeps them too. */
  archivedSince: Date;
}

/**
 * Where CRLs are published; shared by all nodes.
 *
 * Consistency: the numbers of a scope only grow, whoever publishes. A leader that lost its lock without knowing can at
 * worst publish what is true, and is refused when somebody else was faster. Durability: what `publish` wrote is there when
 * its transaction has ended; a crash before leaves the previous CRL in place and a gap in the numbers, which RFC 5280
 * §5.2.3 allows.
 */
export interface CrlStore {
  /**
   * Takes the next number of a series (`numberSeries`) of an authority and remembers it: above each number ever taken there,
   * also under concurrency. It is committed before anything is signed with it, so no two CRLs of a scope share a number.
   */
  allocateNumber(tx: Transaction, authorityId: string, series: string): Promise<number>;
  /**
   * Puts the octets of a CRL where `publish` will find them, in small pieces and outside of its transaction, so that nobody
   * waits for fifty megabytes. A crash leaves octets that nobody names, which `prune` removes.
   */
  store(crl: Pick<IssuedCrl, 'der'>): Promise<void>;
  /** Refuses with a DomainError of code `crl-number-taken` when the scope has a CRL of this number or a higher one. */
  publish(tx: Transaction, crl: IssuedCrl): Promise<void>;
  /** Heads of the newest CRL of each scope. */
  heads(): Promise<CrlHead[]>;
  /** The newest CRL of a scope. */
  current(scope: CrlScope): Promise<IssuedCrl | undefined>;
  /** Removes the octets of CRLs that need none any more, never those of the newest of a scope; returns of how many. */
  prune(tx: Transaction, pruning: CrlPruning): Promise<number>;
}
