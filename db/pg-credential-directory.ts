import type { Transaction } from '../core/transaction.ts';
import { applyStatusChange } from '../pki/certificate-status.ts';
import type {
  Credential,
  CredentialDirectory,
  CredentialId,
  CredentialReference,
} from '../signing/sessions/credential.ts';
import { APPLICATION_OF_ORIGIN, JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';
import type { StatusChangeRow } from './status-change-row.ts';

type Row = Pick<StatusChangeRow, 'event' | 'effective_at' | 'reason' | 'invalidity_date'> & {
  authority_id: string;
  serial_number: Buffer;
  der: Buffer;
  sha256: Buffer;
  not_before: Date;
  not_after: Date;
  licence_fault: string | null;
  pin_failures: number | null;
  blocked_at: Date | null;
  signs_digests: boolean;
};

const COLUMNS = `c.authority_id, c.serial_number, c.der, c.sha256, c.not_before, c.not_after, s.event, s.effective_at,
  s.reason, s.invalidity_date, p.failures as pin_failures, p.blocked_at,
  exists (select from digest_signer d where d.authority_id = c.authority_id and d.serial_number = c.serial_number)
    as signs_digests,
  (select h.standing from licence_holder h where h.standing <> 'active'
    and ((h.council_group = a.council_group and h.council_digits = a.council_digits)
      or (h.national_id = a.national_id and h.standing = 'deceased')) limit 1) as licence_fault`;

const WITH_STANDING = `join lateral (select event, effective_at, reason, invalidity_date from status_change
    where authority_id = c.authority_id and serial_number = c.serial_number
    order by change_number desc limit 1) s on true
  left join credential_pin p on p.authority_id = c.authority_id and p.serial_number = c.serial_number`;

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
    const rows = await this.#database.query<Row>({
      name: `credential-find-${name}`,
      text: `select ${COLUMNS} from ${from} ${WITH_STANDING}
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
    const [row] = await pg(tx).query<Row>(statementOf({ authorityId, serialNumber }));
    return row && credentialOf(row);
  }

  async now(id: CredentialId): Promise<Credential | undefined> {
    const [row] = await this.#database.query<Row>(statementOf(id));
    return row && credentialOf(row);
  }
}

function statementOf({ authorityId, serialNumber }: CredentialId) {
  return {
    name: 'credential-current',
    text: `select ${COLUMNS} from certificate c join application a on a.id = ${APPLICATION_OF_ORIGIN} ${WITH_STANDING}
      where c.authority_id = $1 and c.serial_number = $2`,
    values: [authorityId, serialNumber],
  };
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

function credentialOf(row: Row): Credential {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    certificate: row.der,
    certificateSha256: row.sha256,
    notBefore: row.not_before,
    notAfter: row.not_after,
    status: applyStatusChange({
      event: row.event,
      effectiveAt: row.effective_at,
      ...(row.reason && { reason: row.reason }),
      ...(row.invalidity_date && { invalidityDate: row.invalidity_date }),
    }),
    ...(row.licence_fault !== null && { licenceFault: row.licence_fault }),
    pinFailures: row.pin_failures ?? 0,
    isBlocked: row.blocked_at !== null,
    signsDigests: row.signs_digests,
  };
}
