import type { Clock } from '../../core/clock.ts';
import { assertRole, seesAllOffices } from '../officer.ts';
import type { Office, Officer, OfficeId } from '../officer.ts';
import type { RegisterName } from '../registers/register.ts';
import type { RegisterResult } from '../registers/judge-look-up.ts';

export const DASHBOARD_ROLES = ['office-manager', 'ca-operator', 'security-officer', 'auditor'] as const;

/** A count by day of Asia/Tehran (`yyyy-mm-dd`, Gregorian): whoever shows it makes months of the reader's calendar of it. */
export interface DayCount {
  day: string;
  count: number;
}

export interface RegisterHealth {
  register: RegisterName;
  lastResult: RegisterResult;
  lastReason: string;
  lastAt: Date;
  /** Answers of the last 24 hours by result. */
  lastDay: Record<RegisterResult, number>;
}

export interface DashboardFigures {
  issuancePerDay: DayCount[];
  /** Certificates that expire and are not revoked. */
  expiriesAhead: DayCount[];
  /** Certificates that are on hold at this moment. */
  onHold: number;
  holdsPerDay: DayCount[];
  revocationsPerDay: (DayCount & { reason: string })[];
  applicationsByState: { state: string; count: number }[];
  registers: RegisterHealth[];
}

/** `officeId` absent: all offices. */
export interface DashboardSource {
  read(period: { now: Date; since: Date; until: Date }, officeId?: OfficeId): Promise<DashboardFigures>;
}

export interface DashboardHouse {
  dashboard: DashboardSource;
  clock: Clock;
}

const DAY_MILLISECONDS = 24 * 3600 * 1000;
const DAYS_BEHIND = 30;
const DAYS_AHEAD = 366;
/** Counting a million certificates takes a moment: what an office sees is at most this old. */
const FRESH_MILLISECONDS = 60_000;

/** Figures of the officer's office, or of all for the CA's own staff; the same ones for a minute, for whoever asks. */
export class Dashboard {
  readonly #house: DashboardHouse;
  readonly #kept = new Map<Office['id'] | 'all', { at: Date; figures: Promise<DashboardFigures> }>();

  constructor(house: DashboardHouse) {
    this.#house = house;
  }

  async read(officer: Officer): Promise<{ at: Date; figures: DashboardFigures }> {
    assertRole(officer, DASHBOARD_ROLES);
    const officeId = seesAllOffices(officer) ? undefined : officer.officeId;
    const { dashboard, clock } = this.#house;
    const now = clock.now();
    const kept = this.#kept.get(officeId ?? 'all');
    if (kept && now.getTime() - kept.at.getTime() < FRESH_MILLISECONDS)
      return { at: kept.at, figures: await kept.figures };
    const since = new Date(now.getTime() - DAYS_BEHIND * DAY_MILLISECONDS);
    const until = new Date(now.getTime() + DAYS_AHEAD * DAY_MILLISECONDS);
    const figures = dashboard.read({ now, since, until }, officeId);
    this.#kept.set(officeId ?? 'all', { at: now, figures });
    // A failure is not kept.
    figures.catch(() => this.#kept.delete(officeId ?? 'all'));
    return { at: now, figures: await figures };
  }
}
