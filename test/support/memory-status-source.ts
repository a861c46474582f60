import { packStatus } from '../../ocsp/packed-status.ts';
import type {
  LoadedStatuses,
  LookedUpStatuses,
  OcspStatusSource,
  SourcedStatusChange,
  StatusReading,
  StatusRecord,
} from '../../ocsp/status-source.ts';
import { applyStatusChange } from '../../pki/certificate-status.ts';

export type NewChange = Omit<SourcedStatusChange, 'changeNumber'>;

/** A status history in memory, as the OCSP responder reads it; it can fail, be rolled back and hold its answers back. */
export class MemoryStatusSource implements OcspStatusSource {
  readonly changes: SourcedStatusChange[] = [];
  /** What every read rejects with. */
  failure: Error | undefined;
  /** Number of calls of `changesAfter`. */
  reads = 0;
  /** What the reads of changes reject with, while single statuses can be looked up. */
  followFailure: Error | undefined;
  /** Number of look-ups of single statuses. */
  lookUps = 0;
  /** How far a replica knows the history; undefined: a primary. */
  knownAt: Date | undefined;
  /** What the next `changesAfter` waits for, after it has looked at the history. */
  delay: Promise<void> | undefined;
  /** Called while records are loaded, after each. */
  onLoaded: () => void = () => undefined;

  commit(change: NewChange): SourcedStatusChange {
    const committed = { ...change, changeNumber: this.changes.length + 1 };
    this.changes.push(committed);
    return committed;
  }

  async loadAll(authorityIds: readonly string[], take: (part: LoadedStatuses) => void): Promise<number> {
    if (this.failure) throw this.failure;
    const seen = [...this.changes];
    for (const authorityId of authorityIds) {
      for (const certificates of packed(seen, authorityId)) {
        take({ authorityId, certificates });
        this.onLoaded();
      }
    }
    return seen.length;
  }

  async changesAfter(changeNumber: number, limit: number): Promise<StatusReading> {
    this.reads += 1;
    const failure = this.failure ?? this.followFailure;
    if (failure) throw failure;
    const changes = this.changes.slice(changeNumber, changeNumber + limit);
    const { delay, knownAt } = this;
    this.delay = undefined;
    await delay;
    return { changes, ...(knownAt && { knownAt }) };
  }

  async lookUp(authorityId: string, serialNumbers: readonly Buffer[]): Promise<LookedUpStatuses> {
    this.lookUps += 1;
    if (this.failure) throw this.failure;
    const wanted = this.changes.filter(({ serialNumber }) =>
      serialNumbers.some((one) => one.equals(serialNumber)),
    );
    const { knownAt } = this;
    return { certificates: Buffer.concat(packed(wanted, authorityId)), ...(knownAt && { knownAt }) };
  }
}

/** The certificates of an authority, each packed as it stands after the changes. */
function packed(changes: readonly SourcedStatusChange[], authorityId: string): Buffer[] {
  const records = new Map<string, StatusRecord>();
  for (const change of changes) if (change.authorityId === authorityId) record(records, change);
  return [...records.values()].map(packStatus);
}

function record(records: Map<string, StatusRecord>, change: SourcedStatusChange): void {
  const { serialNumber, changeNumber, issued } = change;
  const known = records.get(serialNumber.toString('hex')) ?? (issued && { ...issued, serialNumber });
  if (!known) throw new Error(`change ${changeNumber} of a certificate that was never issued`);
  records.set(serialNumber.toString('hex'), { ...known, changeNumber, status: applyStatusChange(change) });
}
