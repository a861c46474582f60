import type { OcspStatusSource, SourcedStatusChange, StatusRecord } from '../../ocsp/status-source.ts';
import { applyStatusChange } from '../../pki/certificate-status.ts';

export type NewChange = Omit<SourcedStatusChange, 'changeNumber'>;

/** A status history in memory, as the OCSP responder reads it; it can fail, be rolled back and hold its answers back. */
export class MemoryStatusSource implements OcspStatusSource {
  readonly changes: SourcedStatusChange[] = [];
  /** What every read rejects with. */
  failure: Error | undefined;
  /** Number of calls of `changesAfter`. */
  reads = 0;
  /** What the next `changesAfter` waits for, after it has looked at the history. */
  delay: Promise<void> | undefined;
  /** Called while records are loaded, after each. */
  onLoaded: () => void = () => undefined;

  commit(change: NewChange): SourcedStatusChange {
    const committed = { ...change, changeNumber: this.changes.length + 1 };
    this.changes.push(committed);
    return committed;
  }

  async lastChangeNumber(): Promise<number> {
    if (this.failure) throw this.failure;
    return this.changes.length;
  }

  async *loadAll(authorityId: string): AsyncGenerator<StatusRecord[]> {
    if (this.failure) throw this.failure;
    const records = new Map<string, StatusRecord>();
    for (const change of this.changes) if (change.authorityId === authorityId) record(records, change);
    for (const one of records.values()) {
      yield [one];
      this.onLoaded();
    }
  }

  async changesAfter(changeNumber: number, limit: number): Promise<SourcedStatusChange[]> {
    this.reads += 1;
    if (this.failure) throw this.failure;
    const found = this.changes.slice(changeNumber, changeNumber + limit);
    const { delay } = this;
    this.delay = undefined;
    await delay;
    return found;
  }
}

function record(records: Map<string, StatusRecord>, change: SourcedStatusChange): void {
  const { serialNumber, changeNumber, issued } = change;
  const known = records.get(serialNumber.toString('hex')) ?? (issued && { ...issued, serialNumber });
  if (!known) throw new Error(`change ${changeNumber} of a certificate that was never issued`);
  records.set(serialNumber.toString('hex'), { ...known, changeNumber, status: applyStatusChange(change) });
}
