import type { Transaction } from '../core/transaction.ts';
import type { InspectableCase } from '../ra/inspections/draw-sample.ts';
import type {
  Finding,
  Inspection,
  InspectionCase,
  InspectionId,
  InspectionStore,
  Outcome,
} from '../ra/inspections/inspection.ts';
import type { OfficeId, OfficerId } from '../ra/officer.ts';
import { JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface InspectionRow {
  id: InspectionId;
  office_id: OfficeId;
  period_from: Date;
  period_before: Date;
  sample_size: number;
  seed: Buffer;
  population: number;
  population_sha256: Buffer;
  due_at: Date;
  opened_by: OfficerId;
  opened_at: Date;
  outcome: Outcome | null;
  closed_by: OfficerId | null;
  closed_at: Date | null;
}

const SELECT = `select i.id, i.office_id, i.period_from, i.period_before, i.sample_size, i.seed, i.population,
    i.population_sha256, i.due_at, i.opened_by, i.opened_at, c.outcome, c.closed_by, c.closed_at
  from inspection i left join inspection_close c on c.inspection_id = i.id`;

export class PgInspectionStore implements InspectionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async officeExists(officeId: OfficeId): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'inspection-office',
      text: 'select id from office where id = $1',
      values: [officeId],
    });
    return rows.length > 0;
  }

  async population(officeId: OfficeId, from: Date, before: Date, at: Date): Promise<InspectableCase[]> {
    const rows = await this.#database.query<{
      id: InspectableCase['applicationId'];
      was_revoked: boolean;
    }>({
      name: 'inspection-population',
      text: `select a.id, bool_or(exists (select from status_change s where s.authority_id = c.authority_id
            and s.serial_number = c.serial_number and s.event = 'revoked' and s.effective_at <= $4)) as was_revoked
        from application a ${JOIN_CERTIFICATES_OF_APPLICATION}
        where a.office_id = $1 and c.issued_at >= $2 and c.issued_at < $3 and c.issued_at <= $4
        group by a.id order by a.id`,
      values: [officeId, from, before, at],
    });
    return rows.map((row) => ({ applicationId: row.id, wasRevoked: row.was_revoked }));
  }

  async insert(tx: Transaction, one: Inspection, sample: readonly InspectableCase[]): Promise<void> {
    await pg(tx).execute({
      name: 'inspection-insert',
      text: `insert into inspection (id, office_id, period_from, period_before, sample_size, seed, population,
          population_sha256, due_at, opened_by, opened_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      values: [
        one.id,
        one.officeId,
        one.periodFrom,
        one.periodBefore,
        one.sampleSize,
        one.seed,
        one.population,
        one.populationSha256,
        one.dueAt,
        one.openedBy,
        one.openedAt,
      ],
    });
    for (const [index, { applicationId, wasRevoked }] of sample.entries())
      await pg(tx).execute({
        name: 'inspection-insert-case',
        text: `insert into inspection_case (inspection_id, position, application_id, was_revoked)
          values ($1, $2, $3, $4)`,
        values: [one.id, index + 1, applicationId, wasRevoked],
      });
  }

  async list(
    officeId: OfficeId | undefined,
    before: InspectionId | undefined,
    limit: number,
  ): Promise<Inspection[]> {
    const rows = await this.#database.query<InspectionRow>({
      name: 'inspection-list',
      text: `${SELECT} where ($1::uuid is null or i.office_id = $1) and ($2::uuid is null or i.id < $2)
        order by i.id desc limit $3`,
      values: [officeId ?? null, before ?? null, limit],
    });
    return rows.map(inspectionOf);
  }

  async find(id: InspectionId): Promise<Inspection | undefined> {
    const [row] = await this.#database.query<InspectionRow>({
      name: 'inspection-find',
      text: `${SELECT} where i.id = $1`,
      values: [id],
    });
    return row && inspectionOf(row);
  }

  async casesOf(id: InspectionId): Promise<InspectionCase[]> {
    const rows = await this.#database.query<{
      position: number;
      application_id: InspectionCase['applicationId'];
      was_revoked: boolean;
      papers: string[];
    }>({
      name: 'inspection-cases',
      text: `select k.position, k.application_id, k.was_revoked, array(select distinct e.kind from evidence e
          where e.application_id = k.application_id order by 1) as papers
        from inspection_case k where k.inspection_id = $1 order by k.position`,
      values: [id],
    });
    return rows.map((row) => ({
      position: row.position,
      applicationId: row.application_id,
      wasRevoked: row.was_revoked,
      papers: row.papers,
    }));
  }

  async findingsOf(id: InspectionId): Promise<Finding[]> {
    const rows = await this.#database.query<{
      id: Finding['id'];
      application_id: InspectionCase['applicationId'] | null;
      severity: Finding['severity'];
      text: string;
      recorded_by: OfficerId;
      recorded_at: Date;
    }>({
      name: 'inspection-findings',
      text: `select id, application_id, severity, text, recorded_by, recorded_at from inspection_finding
        where inspection_id = $1 order by id`,
      values: [id],
    });
    return rows.map((row) => ({
      id: row.id,
      inspectionId: id,
      ...(row.application_id && { applicationId: row.application_id }),
      severity: row.severity,
      text: row.text,
      recordedBy: row.recorded_by,
      recordedAt: row.recorded_at,
    }));
  }

  async insertFinding(tx: Transaction, finding: Finding): Promise<void> {
    await pg(tx).execute({
      name: 'inspection-insert-finding',
      text: `insert into inspection_finding (id, inspection_id, application_id, severity, text, recorded_by, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        finding.id,
        finding.inspectionId,
        finding.applicationId ?? null,
        finding.severity,
        finding.text,
        finding.recordedBy,
        finding.recordedAt,
      ],
    });
  }

  async close(
    tx: Transaction,
    id: InspectionId,
    { outcome, by, at }: NonNullable<Inspection['closed']>,
  ): Promise<boolean> {
    const closed = await pg(tx).execute({
      name: 'inspection-close',
      text: `insert into inspection_close (inspection_id, outcome, closed_by, closed_at) values ($1, $2, $3, $4)
        on conflict (inspection_id) do nothing`,
      values: [id, outcome, by, at],
    });
    return closed === 1;
  }
}

function inspectionOf(row: InspectionRow): Inspection {
  return {
    id: row.id,
    officeId: row.office_id,
    periodFrom: row.period_from,
    periodBefore: row.period_before,
    sampleSize: row.sample_size,
    seed: row.seed,
    population: row.population,
    populationSha256: row.population_sha256,
    dueAt: row.due_at,
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    ...(row.outcome &&
      row.closed_by &&
      row.closed_at && { closed: { outcome: row.outcome, by: row.closed_by, at: row.closed_at } }),
  };
}
