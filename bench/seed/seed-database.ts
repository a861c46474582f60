import { sequenceAll, sequenceBatch } from '../../audit/sequence-events.ts';
import { BATCH_ROWS_MAX } from '../../cli/campaign/issue-roster.ts';
import { issueTokens, requestOf } from '../../cli/campaign/issue-tokens.ts';
import type { PreparedRow } from '../../cli/campaign/issue-tokens.ts';
import type { CampaignHouse } from '../../cli/campaign/campaign-house.ts';
import { recordCampaign } from '../../cli/campaign/record-campaign.ts';
import { DomainError } from '../../core/errors.ts';
import { originOf } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { DecidedApplication } from '../../ra/application-batch-store.ts';
import { actorOf } from '../../ra/officer.ts';
import type { Officer, Role } from '../../ra/officer.ts';
import { RequestMaker } from './request-maker.ts';
import { seedApplication } from './seed-applications.ts';
import { SEED_PROFILES, seedOffice, seedRow } from './seed-plan.ts';
import type { SeedRow } from './seed-plan.ts';
import { SeedOffices, seededBefore, seededCount } from './seed-state.ts';
import { seedStatuses } from './seed-statuses.ts';
import { SEED_CAMPAIGN } from './seedable-database.ts';

/** Batches whose rows a crash may have left without what comes after them: those under way, and one. */
const BATCHES_LOOKED_AT_AGAIN = 4;
/** Leaves are made in the batches that the sequencer likes best. */
const SEQUENCED_EVENTS = 4096;

export interface SeedProgress {
  /** Certificates of the seed that are in the database now. */
  certificates: number;
  /** Of them, those that this run issued, and what became of some. */
  issued: number;
  revoked: number;
  held: number;
  offices: number;
}

interface Staff {
  approver: Officer;
  operator: Officer;
}

/**
 * Fills a database up to `count` certificates through the campaign's own path: each is built by its profile, linted, signed by its
 * CA, verified, written with its intent, application, exemption, status and events. Then the plan's share is revoked or put on
 * hold, and every event gets its leaf. A run that was killed is gone on with by the next one. Yields after each batch.
 */
export async function* seedDatabase(house: CampaignHouse, count: number): AsyncGenerator<SeedProgress> {
  const staff = await staffOf(house);
  await house.recover(actorOf(staff.approver));
  const begun = await seededCount(house);
  const record = {
    house,
    officers: { filedBy: staff.operator, approvedBy: staff.approver },
    campaign: SEED_CAMPAIGN,
    kind: 'seed',
  };
  await recordCampaign({ ...record, action: 'begin-campaign', details: { from: begun, to: count } });
  const run = await SeedRun.open(house, staff, begun);
  let place = Math.max(0, begun - BATCHES_LOOKED_AT_AGAIN * BATCH_ROWS_MAX);
  // Batches stay inside of an office.
  place -= place % BATCH_ROWS_MAX;
  let written = Promise.resolve();
  try {
    for (; place < count; place += BATCH_ROWS_MAX) {
      const rows = Array.from({ length: Math.min(BATCH_ROWS_MAX, count - place) }, (_, at) =>
        seedRow(place + at),
      );
      const prepared = await run.prepare(rows);
      await written;
      written = run.write(prepared);
      // Awaited in the next round; until then its failure is nobody's.
      written.catch(() => undefined);
      yield run.progress;
    }
    await written;
  } finally {
    await run.close();
  }
  await run.sequenced();
  await sequenceAll(run.sequencer);
  const { issued, revoked, held } = run.progress;
  await recordCampaign({ ...record, action: 'end-campaign', details: { issued, revoked, held } });
  await sequenceAll(run.sequencer);
  yield run.progress;
}

interface PreparedBatch {
  tokens: PreparedRow[];
  clerk: Officer;
  /** Origins by place, of all rows whose certificates are not to stay good. */
  changing: { row: SeedRow; origin: string }[];
}

class SeedRun {
  readonly sequencer;
  readonly progress: SeedProgress;
  readonly #house: CampaignHouse;
  readonly #staff: Staff;
  readonly #offices: SeedOffices;
  readonly #requests = new RequestMaker();
  readonly #authorities: ReadonlyMap<string, string>;
  /** Rows below this place may be there already. */
  readonly #begun: number;
  #waiting = 0;
  #sequencing = Promise.resolve();

  private constructor(
    house: CampaignHouse,
    staff: Staff,
    offices: SeedOffices,
    authorities: ReadonlyMap<string, string>,
    begun: number,
  ) {
    this.#house = house;
    this.#staff = staff;
    this.#offices = offices;
    this.#authorities = authorities;
    this.#begun = begun;
    this.sequencer = { sequencer: house.logSequencer, transactions: house.database };
    this.progress = { certificates: begun, issued: 0, revoked: 0, held: 0, offices: offices.count };
  }

  static async open(house: CampaignHouse, staff: Staff, begun: number): Promise<SeedRun> {
    const authorities = new Map<string, string>();
    for (const profileId of SEED_PROFILES) authorities.set(profileId, await house.authorityFor(profileId));
    return new SeedRun(house, staff, await SeedOffices.open(house), authorities, begun);
  }

  async prepare(rows: readonly SeedRow[]): Promise<PreparedBatch> {
    const house = this.#house;
    const mayBeThere =
      rows[0].place < this.#begun + BATCHES_LOOKED_AT_AGAIN * BATCH_ROWS_MAX && this.#begun > 0;
    const known = mayBeThere ? await seededBefore(house, rows) : new Map<number, never>();
    const clerk = await this.#offices.clerk(seedOffice(rows[0].place));
    const terms = { ...this.#terms(clerk), now: house.clock.now(), authorities: this.#authorities };
    const tokens: PreparedRow[] = [];
    const changing: PreparedBatch['changing'] = [];
    const requests = (await this.#requests.take(rows.length - known.size)).values();
    const prepareRow = async (row: SeedRow): Promise<ApplicationId> => {
      const application = seedApplication(row, requests.next().value!, terms);
      tokens.push(await this.#prepared(row, application, terms));
      return application.id;
    };
    for (const row of rows) {
      const id = known.get(row.place) ?? (await prepareRow(row));
      if (row.status) changing.push({ row, origin: originOf(id) });
    }
    return { tokens, clerk, changing };
  }

  async #prepared(
    { place }: SeedRow,
    application: DecidedApplication,
    terms: Parameters<typeof requestOf>[1],
  ): Promise<PreparedRow> {
    const candidate = { line: place, application };
    return { candidate, token: await this.#house.issuer.prepare(requestOf(candidate, terms)) };
  }

  async write({ tokens, clerk, changing }: PreparedBatch): Promise<void> {
    const { progress } = this;
    const house = this.#house;
    const results = await issueTokens(tokens, { house, terms: this.#terms(clerk) });
    const wrong = results.find(({ outcome }) => outcome !== 'issued');
    if (wrong)
      throw new DomainError('seed-row', `row ${wrong.line} was not issued: ${JSON.stringify(wrong)}`);
    progress.issued += results.length;
    progress.certificates += results.length;
    progress.offices = this.#offices.count;
    const done = await this.#changeStatuses(changing);
    progress.revoked += done.revoked;
    progress.held += done.held;
    this.#sequence(3 * results.length);
  }

  async #changeStatuses(changing: PreparedBatch['changing']): Promise<{ revoked: number; held: number }> {
    const house = this.#house;
    const origins = changing.map(({ origin }) => origin);
    const certificates = await house.transactions.transaction((tx) =>
      house.certificates.findByOrigins(tx, origins),
    );
    return seedStatuses(
      house,
      this.#staff.operator,
      changing.map(({ row, origin }) => ({ certificate: certificates.get(origin)!, status: row.status! })),
    );
  }

  /** Beside the next batches, not before them. */
  #sequence(events: number): void {
    this.#waiting += events;
    if (this.#waiting < SEQUENCED_EVENTS) return;
    this.#waiting = 0;
    this.#sequencing = this.#sequencing.then(async () => void (await sequenceBatch(this.sequencer)));
    this.#sequencing.catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#requests.close();
  }

  /** Rejects when leaves could not be made. */
  sequenced(): Promise<void> {
    return this.#sequencing;
  }

  #terms(clerk: Officer) {
    return { filedBy: clerk, approvedBy: this.#staff.approver, campaign: SEED_CAMPAIGN };
  }
}

async function staffOf(house: CampaignHouse): Promise<Staff> {
  const officers = await house.database.transaction((tx) => house.officers.listOfficers(tx));
  const one = (role: Role): Officer => {
    const officer = officers.find(({ roles }) => roles.includes(role));
    if (!officer) throw new DomainError('seed-staff', `the deployment has no ${role}`);
    return officer;
  };
  return { approver: one('approving-officer'), operator: one('ca-operator') };
}
