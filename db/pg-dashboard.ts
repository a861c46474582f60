import type {
  DashboardFigures,
  DashboardSource,
  DayCount,
  RegisterHealth,
} from '../ra/dashboard/dashboard.ts';
import type { OfficeId } from '../ra/officer.ts';
import { APPLICATION_OF_ORIGIN } from './certificate-origin.ts';
import type { Database } from './database.ts';

const TEHRAN_DAY = (instant: string) => `to_char(${instant} at time zone 'Asia/Tehran', 'YYYY-MM-DD')`;

/** Of holders only: authorities and responders are certificates too. */
const OF_HOLDERS = `(c.origin like 'application:%' or c.origin like 'renewal:%')`;
/** Which certificates an office has issued; all of them where there is no office. */
const OF_OFFICE = (parameter: string) => `(${parameter}::uuid is null
    or exists (select from application a where a.id = ${APPLICATION_OF_ORIGIN} and a.office_id = ${parameter}))`;

interface RegisterRow {
  register: RegisterHealth['register'];
  result: RegisterHealth['lastResult'];
  reason: string;
  answered_at: Date;
  matches: number;
  contradictions: number;
  failures: number;
}

export class PgDashboard implements DashboardSource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(
    { now, since, until }: { now: Date; since: Date; until: Date },
    officeId?: OfficeId,
  ): Promise<DashboardFigures> {
    const office = officeId ?? null;
    // One after the other: a dashboard takes one connection, not seven.
    const issuancePerDay = await this.#database.query<DayCount>({
      name: 'dashboard-issuance',
      text: `select ${TEHRAN_DAY('c.issued_at')} as day, count(*)::int as count from certificate c
        where c.issued_at >= $1 and ${OF_HOLDERS} and ${OF_OFFICE('$2')} group by 1 order by 1`,
      values: [since, office],
    });
    const expiriesAhead = await this.#database.query<DayCount>({
      name: 'dashboard-expiries',
      text: `select ${TEHRAN_DAY('c.not_after')} as day, count(*)::int as count from certificate c
        where c.not_after > $1 and c.not_after <= $2 and ${OF_HOLDERS} and ${OF_OFFICE('$3')}
          and not exists (select from status_change s where s.authority_id = c.authority_id
            and s.serial_number = c.serial_number and s.event = 'revoked')
        group by 1 order by 1`,
      values: [now, until, office],
    });
    const [{ count: onHold }] = await this.#database.query<{ count: number }>({
      name: 'dashboard-on-hold',
      // A revocation leaves the causes of the hold before it standing.
      text: `select count(*)::int as count from certificate c
        where c.not_after > $1 and ${OF_OFFICE('$2')}
          and (c.authority_id, c.serial_number) in (select h.authority_id, h.serial_number from hold_cause h
            where not exists (select from hold_cause_lift l where l.cause_id = h.id))
          and not exists (select from status_change s where s.authority_id = c.authority_id
            and s.serial_number = c.serial_number and s.event = 'revoked')`,
      values: [now, office],
    });
    const holdsPerDay = await this.#database.query<DayCount>({
      name: 'dashboard-holds',
      text: `select ${TEHRAN_DAY('s.effective_at')} as day, count(*)::int as count
        from status_change s join certificate c on c.authority_id = s.authority_id and c.serial_number = s.serial_number
        where s.event = 'held' and s.effective_at >= $1 and ${OF_OFFICE('$2')} group by 1 order by 1`,
      values: [since, office],
    });
    const revocationsPerDay = await this.#database.query<DayCount & { reason: string }>({
      name: 'dashboard-revocations',
      text: `select ${TEHRAN_DAY('s.effective_at')} as day, s.reason, count(*)::int as count
        from status_change s join certificate c on c.authority_id = s.authority_id and c.serial_number = s.serial_number
        where s.event = 'revoked' and s.effective_at >= $1 and ${OF_OFFICE('$2')} group by 1, 2 order by 1, 2`,
      values: [since, office],
    });
    const applicationsByState = await this.#database.query<{ state: string; count: number }>({
      name: 'dashboard-applications',
      text: `select a.state, count(*)::int as count from application a
        where (a.filed_at >= $1 or a.state in ('submitted', 'approved', 'activation')) and ($2::uuid is null or a.office_id = $2) group by 1 order by 1`,
      values: [since, office],
    });
    return {
      issuancePerDay,
      expiriesAhead,
      onHold,
      holdsPerDay,
      revocationsPerDay,
      applicationsByState,
      registers: await this.#registers(now),
    };
  }

  async #registers(now: Date): Promise<RegisterHealth[]> {
    const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000);
    const rows = await this.#database.query<RegisterRow>({
      name: 'dashboard-registers',
      text: `select r.register, l.result, l.reason, l.answered_at, d.matches, d.contradictions, d.failures
        from unnest(array['medical-council', 'civil-registry', 'shahkar']) r (register)
        cross join lateral (select result, reason, answered_at from register_answer
          where register = r.register order by answered_at desc limit 1) l
        cross join lateral (select count(*) filter (where result = 'MATCH')::int as matches,
            count(*) filter (where result = 'NO_MATCH')::int as contradictions,
            count(*) filter (where result = 'UNAVAILABLE')::int as failures
          from register_answer where register = r.register and answered_at >= $1) d`,
      values: [dayAgo],
    });
    return rows.map((row) => ({
      register: row.register,
      lastResult: row.result,
      lastReason: row.reason,
      lastAt: row.answered_at,
      lastDay: { MATCH: row.matches, NO_MATCH: row.contradictions, UNAVAILABLE: row.failures },
    }));
  }
}
