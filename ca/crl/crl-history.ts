import type { Clock } from '../../core/clock.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { packRevocations } from '../../pki/crl-packed-revocations.ts';
import { CHANGES_AT_ONCE, addLastChanges, entryOfChange } from './crl-changes.ts';
import { issuedScopes } from './crl-due.ts';
import { CrlEntriesThread } from './crl-entries-thread.ts';
import type { CrlEntries } from './crl-entries.ts';
import type { CrlAuthority, CrlHouse } from './crl-house.ts';
import { scopeKey } from './crl-scope.ts';
import type { CrlScope } from './crl-scope.ts';
import type { CrlStatusSource } from './crl-status-source.ts';
import type { CrlHead } from './crl-store.ts';
import { shardOf } from './shard.ts';

type HistoryHouse = Pick<CrlHouse, 'source' | 'clock' | 'authorities' | 'openEntries'>;

/** Follows the status history into the encoded entries, and knows which CRLs lack something. */
export class CrlHistory {
  readonly #source: CrlStatusSource;
  readonly #clock: Clock;
  readonly #authorities: ReadonlyMap<string, CrlAuthority>;
  readonly #entries: CrlEntries;
  /** When the first change was seen that a scope's published CRL does not have. */
  readonly #stale = new Map<string, Date>();
  #position = 0;

  private constructor({ source, clock, authorities, openEntries }: HistoryHouse) {
    this.#source = source;
    this.#clock = clock;
    this.#authorities = new Map(authorities.map((one) => [one.authority.id, one]));
    this.#entries = openEntries ? openEntries() : new CrlEntriesThread();
  }

  /**
   * Reads the whole present state, then the changes that the published CRLs may lack, were they left behind by a process
   * that died between the change and its CRL.
   */
  static async load(house: HistoryHouse, heads: readonly CrlHead[]): Promise<CrlHistory> {
    const history = new CrlHistory(house);
    try {
      await history.#load(heads);
      return history;
    } catch (error) {
      await history.close();
      throw error;
    }
  }

  /** Number of the last change that the entries contain. */
  get position(): number {
    return this.#position;
  }

  /** Reads on to the end of the history. */
  async catchUp(heads: readonly CrlHead[]): Promise<void> {
    const published = new Map(heads.map((head) => [scopeKey(head.scope), head.lastChangeNumber]));
    for (;;) {
      const changes = await this.#source.changesAfter(this.#position, CHANGES_AT_ONCE);
      if (changes.length === 0) return;
      await this.#apply(changes);
      for (const change of changes) this.#mark(change, published);
      this.#position = changes[changes.length - 1].changeNumber;
    }
  }

  /** Since when the published CRL of a scope lacks a change; undefined when it lacks none. */
  staleSince(scope: CrlScope): Date | undefined {
    return this.#stale.get(scopeKey(scope));
  }

  /** A CRL with everything up to `position` has been published. */
  settle(scope: CrlScope): void {
    this.#stale.delete(scopeKey(scope));
  }

  parts(authorityId: string, shard?: number): Promise<Uint8Array[]> {
    return this.#entries.parts(authorityId, shard);
  }

  close(): Promise<void> {
    return this.#entries.close();
  }

  async #load(heads: readonly CrlHead[]): Promise<void> {
    // Read before the snapshot: whatever happens meanwhile is read again as a change, which does no harm.
    const newest = await this.#source.lastChangeNumber();
    for (const { authority } of this.#authorities.values()) {
      await this.#entries.open(authority.id, authority.crlShards);
      let encoded = Promise.resolve();
      for await (const batch of this.#source.revokedSnapshot(authority.id)) {
        // One batch is encoded while the next one is fetched; no more than that waits in memory.
        await encoded;
        encoded = this.#entries.change(authority.id, batch);
        encoded.catch(() => undefined);
      }
      await encoded;
    }
    const issued = new Set([...this.#authorities.values()].flatMap(issuedScopes).map(scopeKey));
    const ours = heads.filter((head) => issued.has(scopeKey(head.scope)));
    this.#position = Math.min(newest, ...ours.map((head) => head.lastChangeNumber));
    await this.catchUp(heads);
  }

  async #apply(changes: readonly StatusChange[]): Promise<void> {
    for (const authorityId of this.#authorities.keys()) {
      const listed: RevokedCertificate[] = [];
      const released: Buffer[] = [];
      for (const change of addLastChanges(new Map(), changes, authorityId).values()) {
        const entry = entryOfChange(change);
        if (entry) listed.push(entry);
        else released.push(change.serialNumber);
      }
      if (listed.length + released.length === 0) continue;
      await this.#entries.change(authorityId, packRevocations(listed), released);
    }
  }

  #mark(change: StatusChange, published: ReadonlyMap<string, number>): void {
    const found = this.#authorities.get(change.authorityId);
    if (!found || change.event === 'issued') return;
    const { id, crlShards } = found.authority;
    const scopes: CrlScope[] = [
      { authorityId: id, kind: 'complete' },
      { authorityId: id, kind: 'delta' },
      { authorityId: id, kind: 'shard', shard: shardOf(change.serialNumber, crlShards) },
    ];
    for (const scope of scopes) {
      const key = scopeKey(scope);
      if (change.changeNumber <= (published.get(key) ?? 0) || this.#stale.has(key)) continue;
      this.#stale.set(key, this.#clock.now());
    }
  }
}
