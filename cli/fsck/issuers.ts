import type { PgRecords } from '../../db/pg-records.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { readable } from './readable.ts';

export interface Issuer {
  certificate: Certificate;
  crlShards: number;
  /** An authority whose key is not here publishes what a ceremony imported: its history is kept elsewhere. */
  hasKey: boolean;
}

/** Authorities by what issues in their name; read again once a row names one that was not there, for it may have been set up since. */
export class Issuers {
  readonly #records: Pick<PgRecords, 'authorities'>;
  readonly #known = new Map<string, Issuer | undefined>();

  constructor(records: Pick<PgRecords, 'authorities'>) {
    this.#records = records;
  }

  /** Undefined for none, and for one whose certificate cannot be read. */
  async of(id: string): Promise<Issuer | undefined> {
    if (!this.#known.has(id)) {
      this.#known.set(id, undefined);
      for (const { id: one, certificate, crlShards, hasKey } of await this.#records.authorities()) {
        const read = readable(parseCertificate, certificate);
        this.#known.set(one, read && { certificate: read, crlShards, hasKey });
      }
    }
    return this.#known.get(id);
  }
}
