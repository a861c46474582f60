import { createHash } from 'node:crypto';

import { PACKED_OCTETS, packStatus } from '../ocsp/packed-status.ts';
import type { LoadedStatuses, OcspStatusSource } from '../ocsp/status-source.ts';

export const BENCH_AUTHORITY_ID = 'bronze';
const NOT_AFTER = new Date('2035-12-31T23:59:59Z');
const BATCH = 20_000;

/** A history in memory: so many certificates of one authority, all good. */
export class BenchStatuses implements OcspStatusSource {
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  async loadAll(authorityIds: readonly string[], take: (part: LoadedStatuses) => void): Promise<number> {
    for (let from = 0; authorityIds.includes(BENCH_AUTHORITY_ID) && from < this.#count; from += BATCH) {
      const records = Math.min(BATCH, this.#count - from);
      const certificates = Buffer.alloc(records * PACKED_OCTETS);
      for (let at = 0; at < records; at += 1) packedOf(from + at).copy(certificates, at * PACKED_OCTETS);
      take({ authorityId: BENCH_AUTHORITY_ID, certificates });
    }
    return 0;
  }

  async changesAfter() {
    return { changes: [] };
  }

  async lookUp() {
    return { certificates: Buffer.alloc(0) };
  }
}

/** Serial number of the certificate at a place: positive, 16 random-looking octets. */
export function benchSerial(place: number): Buffer {
  const serialNumber = createHash('sha256').update(`certificate ${place}`).digest().subarray(0, 16);
  serialNumber[0] = 0x40 | (serialNumber[0] & 0x3f);
  return serialNumber;
}

function packedOf(place: number): Buffer {
  const serialNumber = benchSerial(place);
  const certHash = Buffer.concat([serialNumber, serialNumber]);
  return packStatus({
    serialNumber,
    certHash,
    notAfter: NOT_AFTER,
    changeNumber: 0,
    status: { kind: 'good' },
  });
}
