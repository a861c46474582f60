import type { Pool } from 'pg';

/** What a database server says of itself, as far as this user may see it. */
export interface ServerHealth {
  version: string;
  now: Date;
  isReplica: boolean;
  /** Statements wait for their log on disk. */
  isDurable: boolean;
  /** Replicas that follow now, by the name that they give, with how far behind they are. */
  replicas: { name: string; lagSeconds: number }[];
  /** On a replica: since when nothing was replayed. */
  replayedSecondsAgo: number | null;
  archiving: { isOn: boolean; lastAt: Date | null; lastFailedAt: Date | null };
  /** Roles that `database_grant` speaks of and the server lacks. */
  missingRoles: string[];
}

/** An authority with one of its certificates that says where its CRL, its issuer and its OCSP are. */
export interface PublishedExample {
  authorityId: string;
  /** DER. */
  certificate: Buffer;
}

/** Reads what a check-up of a deployment looks at; writes nothing, also not by mistake. */
export class PgDeploymentHealth {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async server(): Promise<ServerHealth> {
    const { rows } = await this.#pool.query<{
      version: string;
      now: Date;
      is_replica: boolean;
      is_durable: boolean;
      replayed: number | null;
      is_archiving: boolean;
      archived_at: Date | null;
      archive_failed_at: Date | null;
    }>(`select current_setting('server_version') as version, clock_timestamp() as now,
        pg_is_in_recovery() as is_replica,
        current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as is_durable,
        extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as replayed,
        current_setting('archive_mode') <> 'off' as is_archiving, a.last_archived_time as archived_at,
        a.last_failed_time as archive_failed_at
      from pg_stat_archiver a`);
    const [row] = rows;
    return {
      version: row.version,
      now: row.now,
      isReplica: row.is_replica,
      isDurable: row.is_durable,
      replayedSecondsAgo: row.replayed,
      archiving: { isOn: row.is_archiving, lastAt: row.archived_at, lastFailedAt: row.archive_failed_at },
      replicas: await this.#replicas(),
      missingRoles: await this.#missingRoles(),
    };
  }

  /** Some of the newest certificates of each authority. */
  async publishedExamples(): Promise<PublishedExample[]> {
    const { rows } = await this.#pool.query<{
      authority_id: string;
      der: Buffer;
    }>(`select c.authority_id, c.der
      from authority a cross join lateral (select authority_id, der, not_before from certificate
        where authority_id = a.id and not_after > clock_timestamp() order by not_before desc limit 5) c
      order by c.authority_id, c.not_before desc`);
    return rows.map(({ authority_id, der }) => ({ authorityId: authority_id, certificate: der }));
  }

  /** Names of the migrations that ran; undefined before the first. */
  async migrations(): Promise<string[] | undefined> {
    const { rows } = await this.#pool.query<{ present: boolean }>(
      `select to_regclass('schema_migration') is not null as present`,
    );
    if (!rows[0].present) return undefined;
    const ran = await this.#pool.query<{ name: string }>('select name from schema_migration order by name');
    return ran.rows.map(({ name }) => name);
  }

  async #replicas(): Promise<ServerHealth['replicas']> {
    const { rows } = await this.#pool.query<{
      name: string;
      lag: number | null;
    }>(`select application_name as name,
        extract(epoch from replay_lag)::float8 as lag
      from pg_stat_replication where application_name <> 'pg_basebackup' order by 1`);
    return rows.map(({ name, lag }) => ({ name, lagSeconds: lag ?? 0 }));
  }

  /** None for a process with a role of its own: it may not see what others are granted, and has logged in. */
  async #missingRoles(): Promise<string[]> {
    const may = await this.#pool.query<{ may: boolean }>(
      `select has_table_privilege('database_grant', 'select') as may`,
    );
    if (!may.rows[0].may) return [];
    const { rows } = await this.#pool.query<{ name: string }>(`select distinct role_name as name
      from database_grant where not exists (select from pg_roles where rolname = role_name) order by 1`);
    return rows.map(({ name }) => name);
  }
}
