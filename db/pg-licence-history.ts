import type { CouncilNumber } from '../core/council-number.ts';
import type { LicenceChange, LicenceHistory } from '../validation/licence-history.ts';
import type { Database } from './database.ts';

/** What the Council signed counts from its receipt, also while its turn has not come; what was refused does not count. */
export class PgLicenceHistory implements LicenceHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async changesOf({ group, digits }: CouncilNumber): Promise<readonly LicenceChange[]> {
    const rows = await this.#database.query<{ event: LicenceChange['event']; received_at: Date }>({
      name: 'licence-changes',
      text: `select event, received_at from licence_message
        where council_group = $1 and council_digits = $2 and state <> 'refused' order by sequence`,
      values: [group, digits],
    });
    return rows.map(({ event, received_at: at }) => ({ event, at }));
  }
}
