import { CrlCache } from '../../ca/crl/crl-cache.ts';
import type { CrlEntries } from '../../ca/crl/crl-entries.ts';
import { CrlEntryList } from '../../ca/crl/crl-entry-list.ts';
import { DEFAULT_CRL_POLICY } from '../../ca/crl/crl-house.ts';
import type { CrlAuthority, CrlHouse } from '../../ca/crl/crl-house.ts';
import { scopeKey } from '../../ca/crl/crl-scope.ts';
import type { CrlScope } from '../../ca/crl/crl-scope.ts';
import type { CrlStatusSource } from '../../ca/crl/crl-status-source.ts';
import type { CrlHead, CrlStore, IssuedCrl } from '../../ca/crl/crl-store.ts';
import type { AuditEvent } from '../../audit/audit-event.ts';
import { ManualClock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import { statusAfter } from '../../pki/certificate-status.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { PackedRevocationCursor, packRevocations } from '../../pki/crl-packed-revocations.ts';
import { authorityTemplate, fixtureCertificate } from './fixture-certificate.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

export const CRL_NOW = new Date('2026-06-15T12:00:00Z');

/** A status history in memory, as CRLs read it. */
export class MemoryCrlSource implements CrlStatusSource {
  readonly changes: StatusChange[] = [];

  add(
    change: Omit<StatusChange, 'changeNumber' | 'authorityId' | 'effectiveAt'> & Partial<StatusChange>,
  ): StatusChange {
    const row = {
      authorityId: 'bronze',
      effectiveAt: CRL_NOW,
      ...change,
      changeNumber: this.changes.length + 1,
    };
    this.changes.push(row);
    return row;
  }

  async lastChangeNumber(): Promise<number> {
    return this.changes.length;
  }

  async *revokedSnapshot(authorityId: string): AsyncGenerator<Uint8Array> {
    const listed = listedAfter(this.changes, authorityId);
    for (let at = 0; at < listed.length; at += 5000) yield packRevocations(listed.slice(at, at + 5000));
  }

  async changesAfter(changeNumber: number, limit: number): Promise<StatusChange[]> {
    return this.changes.slice(changeNumber, changeNumber + limit);
  }
}

/** The entries that a complete CRL has to have: each history folded by the one rule of the house. */
export function listedAfter(changes: readonly StatusChange[], authorityId = 'bronze'): RevokedCertificate[] {
  const histories = new Map<string, StatusChange[]>();
  for (const change of changes) {
    if (change.authorityId !== authorityId) continue;
    const key = change.serialNumber.toString('hex');
    const history = histories.get(key);
    if (history) history.push(change);
    else histories.set(key, [change]);
  }
  return [...histories.values()].flatMap((history) => {
    const status = statusAfter(history);
    return status?.kind === 'revoked' ? [{ ...status, serialNumber: history[0].serialNumber }] : [];
  });
}

/** A store in memory that keeps to its contract; `failures` makes the next calls of `publish` fail. */
export class MemoryCrlStore implements CrlStore {
  readonly published: IssuedCrl[] = [];
  readonly failures: Error[] = [];
  readonly #numbers = new Map<string, number>();

  async allocateNumber(_tx: object, authorityId: string, series: string): Promise<number> {
    const key = `${authorityId}/${series}`;
    this.#numbers.set(key, (this.#numbers.get(key) ?? 0) + 1);
    return this.#numbers.get(key)!;
  }

  async store(): Promise<void> {}

  async prune(): Promise<number> {
    return 0;
  }

  async publish(_tx: object, crl: IssuedCrl): Promise<void> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    const current = await this.current(crl.scope);
    if (current && current.crlNumber >= crl.crlNumber) {
      throw new DomainError('crl-number-taken', `CRL number ${crl.crlNumber} is taken or passed`);
    }
    this.published.push(crl);
  }

  async heads(): Promise<CrlHead[]> {
    return [...new Map(this.published.map((crl) => [scopeKey(crl.scope), crl])).values()];
  }

  async current(scope: CrlScope): Promise<IssuedCrl | undefined> {
    return this.published.findLast((crl) => scopeKey(crl.scope) === scopeKey(scope));
  }
}

/** The entries in the test's own thread: a thread per test would take longer than the tests. */
export class LocalCrlEntries implements CrlEntries {
  readonly #lists = new Map<string, CrlEntryList>();

  async open(authorityId: string, shards: number): Promise<void> {
    this.#lists.set(authorityId, new CrlEntryList(shards));
  }

  async change(authorityId: string, put: Uint8Array, remove: readonly Uint8Array[] = []): Promise<void> {
    const list = this.#lists.get(authorityId)!;
    for (const serialNumber of remove) list.remove(serialNumber);
    for (const entry = new PackedRevocationCursor(put); entry.next();) list.put(entry);
  }

  async parts(authorityId: string, shard?: number): Promise<Uint8Array[]> {
    return this.#lists.get(authorityId)!.parts(shard);
  }

  async close(): Promise<void> {
    this.#lists.clear();
  }
}

export type MemoryCrlHouse = CrlHouse & {
  source: MemoryCrlSource;
  store: MemoryCrlStore;
  clock: ManualClock;
  events: AuditEvent[];
  signer: MemorySigner;
};

/** All that issuing CRLs of the authority `bronze` needs; it has 4 shards. Override what the test is about. */
export async function memoryCrlHouse(
  kinds: Partial<Pick<CrlAuthority, 'complete' | 'shards' | 'delta'>> = {},
  overrides: Partial<CrlHouse> = {},
): Promise<MemoryCrlHouse> {
  const signer = memorySigner();
  const certificate = await fixtureCertificate(authorityTemplate('Fixture Bronze CA', signer, 0), { signer });
  const authority = { id: 'bronze', certificate, signer, crlShards: 4 };
  const store = new MemoryCrlStore();
  const events: AuditEvent[] = [];
  return {
    authorities: [{ authority, complete: true, shards: false, delta: false, ...kinds }],
    publicUrl: 'http://pki.example',
    policy: DEFAULT_CRL_POLICY,
    openEntries: () => new LocalCrlEntries(),
    cache: new CrlCache(store),
    transactions: { transaction: (work) => work({} as never) },
    audit: { record: async (_tx, event) => void events.push(event) },
    ...overrides,
    source: new MemoryCrlSource(),
    store,
    clock: new ManualClock(CRL_NOW),
    events,
    signer,
  };
}

/** A serial number of 16 octets that differs for each number; positive. */
export function crlSerial(number: number): Buffer {
  const serial = Buffer.alloc(16, 0x5a);
  serial.writeUInt32BE(number, 12);
  return serial;
}
