import type { Transaction } from '../core/transaction.ts';
import type { RedirectUriStore } from '../signing/csc/csc-authorization.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

export class PgRedirectUriStore implements RedirectUriStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async set(
    tx: Transaction,
    relyingPartyId: string,
    redirectUris: readonly string[],
    at: Date,
  ): Promise<void> {
    await pg(tx).execute({
      text: 'delete from relying_party_redirect where relying_party_id = $1 and not redirect_uri = any($2::text[])',
      values: [relyingPartyId, redirectUris],
    });
    await pg(tx).execute({
      text: `insert into relying_party_redirect (relying_party_id, redirect_uri, added_at)
        select $1, uri, $3 from unnest($2::text[]) uri on conflict do nothing`,
      values: [relyingPartyId, redirectUris, at],
    });
  }

  async of(relyingPartyId: string): Promise<readonly string[]> {
    const rows = await this.#database.query<{ redirect_uri: string }>({
      name: 'redirect-uris-of',
      text: 'select redirect_uri from relying_party_redirect where relying_party_id = $1 order by redirect_uri',
      values: [relyingPartyId],
    });
    return rows.map(({ redirect_uri }) => redirect_uri);
  }
}
