import type { Transaction } from '../core/transaction.ts';
import type {
  Credential,
  CredentialDirectory,
  CredentialId,
  CredentialReference,
} from '../signing/sessions/credential.ts';
import { APPLICATION_OF_ORIGIN, JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
import { CREDENTIAL_COLUMNS, JOIN_STANDING, credentialOf } from './credential-row.ts';
import type { CredentialRow } from './credential-row.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

/** Nobody has more certificates in force than these. */
const CREDENTIALS_MAX = 20;

/** Certificates whose keys sign on phones, with all that decides whether they may. */
export class PgCredentialDirectory implements CredentialDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(
    reference: CredentialReference,
    profileIds: readonly string[],
    now: Date,
  ): Promise<Credential[]> {
    const { name, from, values } = sourceOf(reference);
    const [profiles, after] = [values.length + 1, values.length + 2];
    const rows = await this.#database.query<CredentialRow>({
      name: `credential-find-${name}`,
      text: `select c.authority_id, c.serial_number, ${CREDENTIAL_COLUMNS} from ${from} ${JOIN_STANDING}
        where c.profile_id = any($${profiles}::text[]) and c.not_after > $${after} and ${CONDITIONS[name]}
        order by c.not_before desc, c.issued_at desc limit ${CREDENTIALS_MAX}`,
      values: [...values, profileIds, now],
    });
    return rows.map(credentialOf);
  }

  async current(
    tx: Transaction,
    { authorityId, serialNumber }: CredentialId,
  ): Promise<Credential | undefined> {
    const [row] = await pg(tx).query<CredentialRow>({
      name: 'credential-current',
      text: `select c.authority_id, c.serial_number, ${CREDENTIAL_COLUMNS} from certificate c
        join application a on a.id = ${APPLICATION_OF_ORIGIN} ${JOIN_STANDING}
        where c.authority_id = $1 and c.serial_number = $2`,
      values: [authorityId, serialNumber],
    });
    return row && credentialOf(row);
  }
}

const OF_APPLICATION = `application a ${JOIN_CERTIFICATES_OF_APPLICATION}`;

const CONDITIONS = {
  council: 'a.council_group = $1 and a.council_digits = $2',
  person: 'a.national_id = $1',
  certificate: 'c.sha256 = $1',
} as const;

function sourceOf(reference: CredentialReference): {
  name: keyof typeof CONDITIONS;
  from: string;
  values: unknown[];
} {
  if ('councilNumber' in reference) {
    const { group, digits } = reference.councilNumber;
    return { name: 'council', from: OF_APPLICATION, values: [group, digits] };
  }
  if ('nationalId' in reference)
    return { name: 'person', from: OF_APPLICATION, values: [reference.nationalId] };
  const from = `certificate c join application a on a.id = ${APPLICATION_OF_ORIGIN}`;
  return { name: 'certificate', from, values: [reference.certificateSha256] };
}
