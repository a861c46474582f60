import { CaError } from '../ca/ca-error.ts';
import type { CertificateId } from '../ca/status/status-store.ts';
import type { Database } from '../db/database.ts';
import { endedAmong } from '../db/pg-authority-standing.ts';
import type { Hierarchy } from './open-authorities.ts';

/**
 * Which CAs may not issue, since they, or one above them, are revoked or held: as an imported CRL of the root said. Read anew
 * for each question; all that is asked in one turn of the event loop shares one answer.
 */
export class AuthorityStanding {
  readonly #database: Database;
  readonly #known: readonly { id: string; issuerId: string | undefined; certificate: CertificateId }[];
  #reading: Promise<ReadonlySet<string>> | undefined;

  constructor(database: Database, { records, certificates }: Hierarchy) {
    this.#database = database;
    this.#known = records.flatMap(({ id, issuerId }) =>
      issuerId === undefined
        ? []
        : {
            id,
            issuerId,
            certificate: { authorityId: issuerId, serialNumber: certificates.get(id)!.serialNumber },
          },
    );
  }

  /** Ids of those that may not issue. */
  ended(): Promise<ReadonlySet<string>> {
    this.#reading ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#reading = undefined;
        this.#read().then(resolve, reject);
      });
    });
    return this.#reading;
  }

  /** As CheckAuthority: throws CaError `authority-revoked`. */
  async check(authorityId: string): Promise<void> {
    if (!(await this.ended()).has(authorityId)) return;
    throw new CaError(
      'authority-revoked',
      `the certificate of ${authorityId}, or one above it, is revoked or held`,
    );
  }

  async #read(): Promise<ReadonlySet<string>> {
    const places = await endedAmong(
      this.#database,
      this.#known.map(({ certificate }) => certificate),
    );
    const ended = new Set(places.map((place) => this.#known[place].id));
    // Issuers come before those they issued to.
    for (const { id, issuerId } of this.#known) if (issuerId && ended.has(issuerId)) ended.add(id);
    return ended;
  }
}
