import type { RecordedEvent } from '../audit/log-leaf.ts';
import type { GrownLevel } from '../audit/merkle/grow-tree.ts';
import type { HashSource } from '../audit/merkle/hash-source.ts';
import type { LostCertificate, LostLeaf, ReplayStore } from '../audit/replay/replay-store.ts';
import type { StoredCheckpoint } from '../audit/transparency-store.ts';
import type { Transaction } from '../core/transaction.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import { byteaArray, textArray, timestampArray } from './binary-array.ts';
import type { Database } from './database.ts';
import { EVENT_COLUMNS, recordedEventOf } from './audit-event-row.ts';
import type { AuditEventRow } from './audit-event-row.ts';
import { LOST_ACTOR } from './lost-actor.ts';
import { PgCheckpointStore } from './pg-checkpoint-store.ts';
import { PgLogSequencer, advanceTree, insertLevel } from './pg-log-sequencer.ts';
import { pg } from './pg-transaction.ts';

const ERASURE_REASON = 'the backup that was restored does not have it';

export class PgLogReplay implements ReplayStore {
  readonly #sequencer = new PgLogSequencer();
  readonly #checkpoints: PgCheckpointStore;

  constructor(database: Database) {
    this.#checkpoints = new PgCheckpointStore(database);
  }

  async lock(tx: Transaction): Promise<number> {
    await pg(tx).execute({ text: 'select last_change_number from status_counter for update' });
    // Whoever sequences just now is waited for: it holds this until it commits.
    await this.#sequencer.lead(tx);
    return this.#sequencer.size(tx);
  }

  hashesIn(tx: Transaction): HashSource {
    return this.#sequencer.hashesIn(tx);
  }

  async knownEvents(tx: Transaction, ids: readonly number[]): Promise<RecordedEvent[]> {
    const rows = await pg(tx).query<AuditEventRow>({
      text: `select ${EVENT_COLUMNS} from audit_event e where e.id = any($1::text[]::bigint[])`,
      values: [textArray(ids.map(String))],
    });
    return rows.map(recordedEventOf);
  }

  async appendLost(
    tx: Transaction,
    leaves: readonly LostLeaf[],
    knownEvents: ReadonlySet<number>,
    at: Date,
  ): Promise<void> {
    const lost = leaves.map(({ leaf }) => leaf).filter(({ event }) => !knownEvents.has(event));
    await pg(tx).execute({
      text: `insert into audit_event (id, at, actor_kind, actor_id, action, outcome, subject, refusal_code, details)
        overriding system value
        select e.id, e.at, $8, $9, e.action, e.outcome, e.subject, e.refusal_code, e.details::jsonb
        from unnest($1::text[]::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
          as e (id, at, action, outcome, subject, refusal_code, details)`,
      values: [
        textArray(lost.map(({ event }) => String(event))),
        timestampArray(lost.map((leaf) => new Date(leaf.at))),
        textArray(lost.map(({ action }) => action)),
        textArray(lost.map(({ outcome }) => outcome)),
        textArray(lost.map(({ subject }) => subject)),
        textArray(lost.map(({ refusalCode }) => refusalCode ?? null)),
        textArray(lost.map(({ details }) => JSON.stringify(details))),
        LOST_ACTOR.kind,
        LOST_ACTOR.id,
      ],
    });
    const ids = textArray(leaves.map(({ leaf }) => String(leaf.event)));
    await pg(tx).execute({
      text: `insert into audit_leaf (leaf_index, event_id, commitment, leaf_hash)
        select $1::bigint + l.n - 1, l.event_id, l.commitment, l.leaf_hash
        from unnest($2::text[]::bigint[], $3::bytea[], $4::bytea[]) with ordinality as l (event_id, commitment, leaf_hash, n)`,
      values: [
        leaves[0].leafIndex,
        ids,
        byteaArray(leaves.map(({ leaf }) => Buffer.from(leaf.commitment, 'hex'))),
        byteaArray(leaves.map(({ leafHash }) => leafHash)),
      ],
    });
    await pg(tx).execute({
      text: `insert into audit_salt_erasure (event_id, erased_at, reason)
        select event_id, $2, $3 from unnest($1::text[]::bigint[]) event_id`,
      values: [ids, at, ERASURE_REASON],
    });
    await pg(tx).execute({
      text: 'delete from audit_unsequenced where event_id = any($1::text[]::bigint[])',
      values: [ids],
    });
    await pg(tx).execute({
      text: `select setval(pg_get_serial_sequence('audit_event', 'id'), (select max(id) from audit_event))`,
    });
    await advanceTree(tx, leaves[0].leafIndex, leaves.length);
  }

  async insertNodes(tx: Transaction, grown: readonly GrownLevel[]): Promise<void> {
    for (const level of grown) await insertLevel(tx, level);
  }

  insertCheckpoint(tx: Transaction, checkpoint: StoredCheckpoint): Promise<void> {
    return this.#checkpoints.insertCheckpoint(tx, checkpoint);
  }

  async lastChangeNumber(tx: Transaction): Promise<number> {
    const [{ last }] = await pg(tx).query<{ last: string }>({
      text: 'select last_change_number as last from status_counter',
    });
    return Number(last);
  }

  async issuers(tx: Transaction): Promise<Map<string, Buffer>> {
    const rows = await pg(tx).query<{ id: string; certificate: Buffer }>({
      text: 'select id, certificate from authority',
    });
    return new Map(rows.map(({ id, certificate }) => [id, certificate]));
  }

  async knownCertificates(tx: Transaction, fingerprints: readonly string[]): Promise<Set<string>> {
    const rows = await pg(tx).query<{ fingerprint: string }>({
      text: `select encode(sha256, 'hex') as fingerprint from certificate where sha256 = any($1::bytea[])`,
      values: [byteaArray(fingerprints.map((fingerprint) => Buffer.from(fingerprint, 'hex')))],
    });
    return new Set(rows.map(({ fingerprint }) => fingerprint));
  }

  /** Its intent may have been written before the backup. */
  async insertCertificate(tx: Transaction, certificate: LostCertificate): Promise<void> {
    const { authorityId, serialNumber, profileId, origin, issuedAt } = certificate;
    await pg(tx).execute({
      text: `insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id,
          profile_version, origin, intended_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (authority_id, serial_number) do nothing`,
      values: [
        authorityId,
        serialNumber,
        certificate.tbsCertificate,
        certificate.spkiSha256,
        profileId,
        certificate.profileVersion,
        origin,
        issuedAt,
      ],
    });
    await pg(tx).execute({
      text: `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before, not_after,
          issued_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        authorityId,
        serialNumber,
        certificate.der,
        certificate.sha256,
        profileId,
        origin,
        certificate.notBefore,
        certificate.notAfter,
        issuedAt,
      ],
    });
  }

  async insertChange(tx: Transaction, change: StatusChange & { requestedBy: string }): Promise<void> {
    await pg(tx).execute({
      text: `insert into status_change (change_number, authority_id, serial_number, event, effective_at, reason,
          invalidity_date, requested_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        change.changeNumber,
        change.authorityId,
        change.serialNumber,
        change.event,
        change.effectiveAt,
        change.reason ?? null,
        change.invalidityDate ?? null,
        change.requestedBy,
      ],
    });
  }

  async insertHoldCause(
    tx: Transaction,
    { authorityId, serialNumber, changeNumber, effectiveAt }: StatusChange,
    requestedBy: string,
  ): Promise<void> {
    await pg(tx).execute({
      text: `insert into hold_cause (id, authority_id, serial_number, cause, hold_change_number, laid_at, laid_by)
        values (gen_random_uuid(), $1, $2, 'office-order', $3, $4, $5)`,
      values: [authorityId, serialNumber, changeNumber, effectiveAt, requestedBy],
    });
  }

  async setLastChangeNumber(tx: Transaction, changeNumber: number): Promise<void> {
    await pg(tx).execute({
      text: 'update status_counter set last_change_number = $1 where last_change_number < $1',
      values: [changeNumber],
    });
  }
}
