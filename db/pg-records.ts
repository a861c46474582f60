import type { StatusChange } from '../pki/certificate-status.ts';
import { byteaArray, textArray } from './binary-array.ts';
import { readApprovalRecords } from './approval-records.ts';
import type { ApprovalRecordRow } from './approval-records.ts';
import { readCrlRecords } from './crl-records.ts';
import type { CrlRecordRow } from './crl-records.ts';
import type { Database } from './database.ts';
import { OPEN_QUESTIONS, QUESTIONS } from './record-questions.ts';
import type { OpenQuestion } from './record-questions.ts';
import { readRenewalRecords } from './renewal-records.ts';
import type { RenewalRecordRow } from './renewal-records.ts';
import { readCrlParts } from './read-crl-parts.ts';
import { GONE_QUESTIONS, TOLD_QUESTIONS } from './told-questions.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

/** A certificate's row beside its intent's, as they stand; a missing intent leaves its part undefined. */
export interface CertificateRecordRow {
  authorityId: string;
  serialNumber: Buffer;
  der: Buffer;
  sha256: Buffer;
  profileId: string;
  origin: string;
  notBefore: Date;
  notAfter: Date;
  issuedAt: Date;
  intent?: {
    tbsCertificate: Buffer;
    spkiSha256: Buffer;
    profileId: string;
    profileVersion: number;
    origin: string;
    intendedAt: Date;
  };
}

export interface EventRow {
  subject: string;
  action: string;
  at: Date;
  /** Of status changes. */
  changeNumber?: number;
  /** Of issuances: `<profile>@<version>`, and what it came of. */
  profile?: string;
  origin?: string;
}

/** Reads the tables as they are, for who checks them; knows no rule of the house. */
export class PgRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether one of these was handed in as a digest for the key of a certificate. */
  async wereHandedIn(
    { authorityId, serialNumber }: { authorityId: string; serialNumber: Buffer },
    readyDigests: readonly Buffer[],
  ): Promise<boolean> {
    const found = await this.#database.query({
      name: 'records-handed-in',
      text: `select 1 as found from handed_in_digest
        where authority_id = $1 and serial_number = $2 and digest = any($3) limit 1`,
      values: [authorityId, serialNumber, byteaArray(readyDigests)],
    });
    return found.length > 0;
  }

  async authorities(): Promise<
    { id: string; issuerId?: string; certificate: Buffer; crlShards: number; hasKey: boolean }[]
  > {
    const rows = await this.#database.query<{
      id: string;
      issuer_id: string | null;
      certificate: Buffer;
      crl_shards: number;
      has_key: boolean;
    }>({
      text: `select id, issuer_id, certificate, crl_shards, key_reference is not null as has_key from authority order by id`,
    });
    return rows.map((row) => ({
      id: row.id,
      ...(row.issuer_id && { issuerId: row.issuer_id }),
      certificate: row.certificate,
      crlShards: row.crl_shards,
      hasKey: row.has_key,
    }));
  }

  /** All certificates in pages, ordered by authority and serial number. */
  async *certificates(pageRows: number): AsyncGenerator<CertificateRecordRow[]> {
    let after: [string, Buffer] = ['', Buffer.alloc(0)];
    for (;;) {
      const rows: JoinedRow[] = await this.#database.query<JoinedRow>({
        name: 'records-certificates',
        // The bound stands on both sides: joined in their order, intents would be walked through from the first one for each page.
        text: `select c.authority_id, c.serial_number, c.der, c.sha256, c.profile_id, c.origin, c.not_before, c.not_after,
            c.issued_at, i.tbs_certificate, i.spki_sha256, i.profile_id as intent_profile_id, i.profile_version,
            i.origin as intent_origin, i.intended_at
          from certificate c
          left join issuance_intent i on i.authority_id = c.authority_id and i.serial_number = c.serial_number
            and (i.authority_id, i.serial_number) > ($1, $2)
          where (c.authority_id, c.serial_number) > ($1, $2)
          order by c.authority_id, c.serial_number limit $3`,
        values: [...after, pageRows],
      });
      if (rows.length > 0) yield rows.map(recordOf);
      if (rows.length < pageRows) return;
      const last = rows[rows.length - 1];
      after = [last.authority_id, last.serial_number];
    }
  }

  /** All approvals in pages, ordered by application. */
  approvals(pageRows: number): AsyncGenerator<ApprovalRecordRow[]> {
    return readApprovalRecords(this.#database, pageRows);
  }

  /** All renewals in pages, in the order in which they were asked for. */
  renewals(pageRows: number): AsyncGenerator<RenewalRecordRow[]> {
    return readRenewalRecords(this.#database, pageRows);
  }

  /** The histories of some certificates, each in the order of its numbers. */
  async changesOf(
    ids: readonly Pick<StatusChange, 'authorityId' | 'serialNumber'>[],
  ): Promise<StatusChange[]> {
    const rows = await this.#database.query<StatusChangeRow>({
      name: 'records-changes-of',
      text: `select ${STATUS_CHANGE_COLUMNS}
        from unnest($1::text[], $2::bytea[]) as c (authority_id, serial_number)
        join status_change s on s.authority_id = c.authority_id and s.serial_number = c.serial_number
        order by s.change_number`,
      values: [
        textArray(ids.map(({ authorityId }) => authorityId)),
        byteaArray(ids.map(({ serialNumber }) => serialNumber)),
      ],
    });
    return rows.map(statusChangeOf);
  }

  /** The accepted events about some subjects. */
  async eventsOf(subjects: readonly string[]): Promise<EventRow[]> {
    const rows = await this.#database.query<EventOfRow>({
      name: 'records-events-of',
      text: `select subject, action, at, details->>'changeNumber' as change, details->>'profile' as profile,
          details->>'origin' as origin from audit_event
        where subject = any($1::text[]) and outcome = 'accepted'`,
      values: [textArray(subjects)],
    });
    return rows.map(({ subject, action, at, change, profile, origin }) => ({
      subject,
      action,
      at,
      ...(change !== null && { changeNumber: Number(change) }),
      ...(profile !== null && { profile }),
      ...(origin !== null && { origin }),
    }));
  }

  /** What is in force on the CRLs of an authority after a change: the last change of each certificate that was held or revoked. */
  async listedAfter(authorityId: string, changeNumber: number): Promise<StatusChange[]> {
    const rows = await this.#database.query<StatusChangeRow>({
      text: `select ${STATUS_CHANGE_COLUMNS} from (
          select distinct on (h.serial_number) h.* from status_change h
          where h.authority_id = $1 and h.change_number <= $2
          order by h.serial_number, h.change_number desc) s
        where s.event in ('held', 'revoked')`,
      values: [authorityId, changeNumber],
    });
    return rows.map(statusChangeOf);
  }

  /** What a delta CRL lists: the last change of each certificate whose status changed after one number and up to another. */
  async changedBetween(authorityId: string, after: number, upTo: number): Promise<StatusChange[]> {
    const rows = await this.#database.query<StatusChangeRow>({
      text: `select distinct on (s.serial_number) ${STATUS_CHANGE_COLUMNS} from status_change s
        where s.authority_id = $1 and s.change_number > $2 and s.change_number <= $3 and s.event <> 'issued'
        order by s.serial_number, s.change_number desc`,
      values: [authorityId, after, upTo],
    });
    return rows.map(statusChangeOf);
  }

  /** All that were ever registered, in both forms in which their keys are kept; some of each officer. */
  async passkeys(): Promise<{ id: string; coseKey: Buffer; subjectPublicKeyInfo: Buffer }[]> {
    const rows = await this.#database.query<{ id: string; cose_key: Buffer; spki: Buffer }>({
      text: 'select id, cose_key, spki from passkey order by id',
    });
    return rows.map(({ id, cose_key: coseKey, spki }) => ({ id, coseKey, subjectPublicKeyInfo: spki }));
  }

  crls(): Promise<CrlRecordRow[]> {
    return readCrlRecords(this.#database);
  }

  /** Undefined for one whose octets are not kept any more. */
  async crlBytes(row: CrlRecordRow): Promise<Buffer | undefined> {
    const parts = await readCrlParts(this.#database, row);
    return parts.length > 0 ? Buffer.concat(parts) : undefined;
  }

  /** Whether the octets of a CRL that another has superseded are not kept any more. */
  async isCrlPruned({ authorityId, scope, crlNumber }: CrlRecordRow): Promise<boolean> {
    const [{ pruned }] = await this.#database.query<{ pruned: boolean }>({
      text: `select not exists (select from crl_part p
            where p.authority_id = $1 and p.scope = $2 and p.crl_number = $3)
          and exists (select from crl c where c.authority_id = $1 and c.scope = $2 and c.crl_number > $3) as pruned`,
      values: [authorityId, scope, crlNumber],
    });
    return pruned;
  }

  /** What waits to be completed, and since when, where that is on record. */
  async open(question: OpenQuestion): Promise<{ subject: string; since?: Date }[]> {
    const rows = await this.#database.query<{ subject: string; since: Date | null }>({
      text: OPEN_QUESTIONS[question],
    });
    return rows.map(({ subject, since }) => ({ subject, ...(since && { since }) }));
  }

  /** Subjects that one SQL question finds; each question is a check of its own. */
  async subjects(question: keyof typeof ALL_QUESTIONS): Promise<string[]> {
    const rows = await this.#database.query<{ subject: string }>({ text: ALL_QUESTIONS[question] });
    return rows.map(({ subject }) => subject);
  }
}

const ALL_QUESTIONS = { ...QUESTIONS, ...TOLD_QUESTIONS, ...GONE_QUESTIONS } as const;

interface EventOfRow {
  subject: string;
  action: string;
  at: Date;
  change: string | null;
  profile: string | null;
  origin: string | null;
}

interface JoinedRow {
  authority_id: string;
  serial_number: Buffer;
  der: Buffer;
  sha256: Buffer;
  profile_id: string;
  origin: string;
  not_before: Date;
  not_after: Date;
  issued_at: Date;
  tbs_certificate: Buffer | null;
  spki_sha256: Buffer | null;
  intent_profile_id: string | null;
  profile_version: number | null;
  intent_origin: string | null;
  intended_at: Date | null;
}

function recordOf(row: JoinedRow): CertificateRecordRow {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    der: row.der,
    sha256: row.sha256,
    profileId: row.profile_id,
    origin: row.origin,
    notBefore: row.not_before,
    notAfter: row.not_after,
    issuedAt: row.issued_at,
    ...(row.tbs_certificate && {
      intent: {
        tbsCertificate: row.tbs_certificate,
        spkiSha256: row.spki_sha256!,
        profileId: row.intent_profile_id!,
        profileVersion: row.profile_version!,
        origin: row.intent_origin!,
        intendedAt: row.intended_at!,
      },
    }),
  };
}
