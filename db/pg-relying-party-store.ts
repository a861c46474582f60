import type { Transaction } from '../core/transaction.ts';
import type {
  CredentialKind,
  RelyingParty,
  RelyingPartyCredential,
  RelyingPartyStore,
  RelyingPartyWithCredentials,
} from '../signing/relying-parties/relying-party.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface PartyRow {
  id: string;
  displayed_name: string;
  patient_view: RelyingParty['patientView'];
  callback_urls: string[];
  may_hand_in_digests: boolean;
  version: number;
  registered_at: Date;
  disabled_at: Date | null;
}

interface CredentialRow {
  relying_party_id: string;
  kind: CredentialKind;
  key_id: string;
  jwk: object | null;
  not_after: Date | null;
  added_at: Date;
}

const COLUMNS =
  'p.id, p.displayed_name, p.patient_view, p.callback_urls, p.may_hand_in_digests, p.version, p.registered_at, p.disabled_at';
const CREDENTIALS = `select relying_party_id, kind, key_id, jwk, not_after, added_at from relying_party_credential
  where removed_at is null`;

export class PgRelyingPartyStore implements RelyingPartyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, party: RelyingParty): Promise<boolean> {
    const inserted = await pg(tx).execute({
      text: `insert into relying_party (id, displayed_name, patient_view, callback_urls, version, registered_at,
          may_hand_in_digests)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
      values: [
        party.id,
        party.displayedName,
        party.patientView,
        party.callbackUrls,
        party.version,
        party.registeredAt,
        party.mayHandInDigests,
      ],
    });
    return inserted === 1;
  }

  async update(tx: Transaction, party: RelyingParty): Promise<boolean> {
    const updated = await pg(tx).execute({
      text: `update relying_party set displayed_name = $2, patient_view = $3, callback_urls = $4, version = $5,
        disabled_at = $6, may_hand_in_digests = $7 where id = $1 and version = $5 - 1`,
      values: [
        party.id,
        party.displayedName,
        party.patientView,
        party.callbackUrls,
        party.version,
        party.disabledAt ?? null,
        party.mayHandInDigests,
      ],
    });
    return updated === 1;
  }

  async lock(tx: Transaction, id: string): Promise<RelyingPartyWithCredentials | undefined> {
    const [row] = await pg(tx).query<PartyRow>({
      text: `select ${COLUMNS} from relying_party p where p.id = $1 for update`,
      values: [id],
    });
    if (!row) return undefined;
    const credentials = await pg(tx).query<CredentialRow>({
      text: `${CREDENTIALS} and relying_party_id = $1 order by added_at`,
      values: [id],
    });
    return { ...partyOf(row), credentials: credentials.map(credentialOf) };
  }

  async insertCredential(tx: Transaction, id: string, credential: RelyingPartyCredential): Promise<boolean> {
    const inserted = await pg(tx).execute({
      text: `insert into relying_party_credential (relying_party_id, kind, key_id, jwk, not_after, added_at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      values: [
        id,
        credential.kind,
        credential.keyId,
        credential.kind === 'jwk' ? JSON.stringify(credential.jwk) : null,
        credential.kind === 'certificate' ? credential.notAfter : null,
        credential.addedAt,
      ],
    });
    return inserted === 1;
  }

  async removeCredential(
    tx: Transaction,
    id: string,
    { kind, keyId }: { kind: CredentialKind; keyId: string },
    at: Date,
  ): Promise<boolean> {
    const removed = await pg(tx).execute({
      text: `update relying_party_credential set removed_at = $4
        where relying_party_id = $1 and kind = $2 and key_id = $3 and removed_at is null`,
      values: [id, kind, keyId, at],
    });
    return removed === 1;
  }

  async endTokens(tx: Transaction, id: string): Promise<void> {
    await pg(tx).execute({
      text: 'delete from relying_party_token where relying_party_id = $1',
      values: [id],
    });
  }

  async find(id: string): Promise<RelyingPartyWithCredentials | undefined> {
    const party = await this.terms(id);
    if (!party) return undefined;
    const credentials = await this.#database.query<CredentialRow>({
      name: 'relying-party-credentials',
      text: `${CREDENTIALS} and relying_party_id = $1 order by added_at`,
      values: [id],
    });
    return { ...party, credentials: credentials.map(credentialOf) };
  }

  async terms(id: string): Promise<RelyingParty | undefined> {
    const [row] = await this.#database.query<PartyRow>({
      name: 'relying-party-terms',
      text: `select ${COLUMNS} from relying_party p where p.id = $1`,
      values: [id],
    });
    return row && partyOf(row);
  }

  async list(): Promise<RelyingPartyWithCredentials[]> {
    const rows = await this.#database.query<PartyRow>({
      text: `select ${COLUMNS} from relying_party p order by p.id`,
    });
    const credentials = await this.#database.query<CredentialRow>({
      text: `${CREDENTIALS} order by added_at`,
    });
    return rows.map((row) => ({
      ...partyOf(row),
      credentials: credentials.filter((one) => one.relying_party_id === row.id).map(credentialOf),
    }));
  }

  async useAssertion(tx: Transaction, id: string, jtiSha256: Buffer, expiresAt: Date): Promise<boolean> {
    const inserted = await pg(tx).execute({
      name: 'client-assertion-use',
      text: `insert into client_assertion (relying_party_id, jti_sha256, expires_at) values ($1, $2, $3)
        on conflict do nothing`,
      values: [id, jtiSha256, expiresAt],
    });
    return inserted === 1;
  }

  async insertToken(tx: Transaction, tokenSha256: Buffer, id: string, expiresAt: Date): Promise<void> {
    await pg(tx).execute({
      name: 'relying-party-token-insert',
      text: 'insert into relying_party_token (token_sha256, relying_party_id, expires_at) values ($1, $2, $3)',
      values: [tokenSha256, id, expiresAt],
    });
  }

  async ofToken(tokenSha256: Buffer, now: Date): Promise<RelyingParty | undefined> {
    const [row] = await this.#database.query<PartyRow>({
      name: 'relying-party-of-token',
      text: `select ${COLUMNS} from relying_party_token t join relying_party p on p.id = t.relying_party_id
        where t.token_sha256 = $1 and t.expires_at > $2 and p.disabled_at is null`,
      values: [tokenSha256, now],
    });
    return row && partyOf(row);
  }

  async ofCertificate(sha256Hex: string, now: Date): Promise<RelyingParty | undefined> {
    const [row] = await this.#database.query<PartyRow>({
      name: 'relying-party-of-certificate',
      text: `select ${COLUMNS} from relying_party_credential c join relying_party p on p.id = c.relying_party_id
        where c.kind = 'certificate' and c.key_id = $1 and c.removed_at is null and c.not_after > $2
          and p.disabled_at is null`,
      values: [sha256Hex, now],
    });
    return row && partyOf(row);
  }

  async prune(now: Date): Promise<void> {
    await this.#database.query({
      text: 'delete from client_assertion where expires_at <= $1',
      values: [now],
    });
    await this.#database.query({
      text: 'delete from relying_party_token where expires_at <= $1',
      values: [now],
    });
  }
}

function partyOf(row: PartyRow): RelyingParty {
  return {
    id: row.id,
    displayedName: row.displayed_name,
    patientView: row.patient_view,
    callbackUrls: row.callback_urls,
    mayHandInDigests: row.may_hand_in_digests,
    version: row.version,
    registeredAt: row.registered_at,
    ...(row.disabled_at && { disabledAt: row.disabled_at }),
  };
}

/** The table's checks say which columns go with which kind. */
function credentialOf(row: CredentialRow): RelyingPartyCredential {
  const { key_id: keyId, added_at: addedAt } = row;
  return row.kind === 'jwk'
    ? ({ kind: 'jwk', keyId, addedAt, jwk: row.jwk } as RelyingPartyCredential)
    : { kind: 'certificate', keyId, addedAt, notAfter: row.not_after! };
}
