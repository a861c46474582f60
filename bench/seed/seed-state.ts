import type { CampaignHouse } from '../../cli/campaign/campaign-house.ts';
import { newId } from '../../core/ids.ts';
import { wholeSeconds } from '../../core/clock.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { Office, OfficeId, Officer, OfficerId } from '../../ra/officer.ts';
import type { SeedRow } from './seed-plan.ts';
import { SEED_CAMPAIGN } from './seedable-database.ts';

/** How many certificates earlier runs have issued. */
export async function seededCount({ database }: CampaignHouse): Promise<number> {
  const [{ count }] = await database.query<{ count: number }>({
    text: `select count(*)::int as count from approval_exemption where kind = 'campaign' and campaign = $1`,
    values: [SEED_CAMPAIGN],
  });
  return count;
}

/** Of rows that an earlier run has issued: their applications, by place. */
export async function seededBefore(
  { database }: CampaignHouse,
  rows: readonly SeedRow[],
): Promise<Map<number, ApplicationId>> {
  const known = await database.query<{ id: ApplicationId; national_id: string; profile_id: string }>({
    text: `select a.id, a.national_id, a.profile_id from application a
      join approval_exemption e on e.application_id = a.id and e.campaign = $2
      where a.national_id = any($1::text[])`,
    values: [rows.map(({ applicant }) => applicant.nationalId), SEED_CAMPAIGN],
  });
  const byName = new Map(known.map((row) => [`${row.national_id} ${row.profile_id}`, row.id]));
  return new Map(
    rows.flatMap(({ place, applicant, profileId }): [number, ApplicationId][] => {
      const id = byName.get(`${applicant.nationalId} ${profileId}`);
      return id ? [[place, id]] : [];
    }),
  );
}

/** Clerks of the offices that the rows are spread over: each office has one, and is opened when its first row comes. */
export class SeedOffices {
  readonly #house: CampaignHouse;
  readonly #clerks = new Map<string, Officer>();

  private constructor(house: CampaignHouse) {
    this.#house = house;
  }

  static async open(house: CampaignHouse): Promise<SeedOffices> {
    const offices = new SeedOffices(house);
    const rows = await house.database.query<{
      id: OfficerId;
      office_id: OfficeId;
      name: string;
      office: string;
    }>({
      text: `select r.id, r.office_id, r.name, o.name as office from officer r join office o on o.id = r.office_id
          where o.name like $1`,
      values: [`${nameOf('')}%`],
    });
    for (const { id, office_id: officeId, name, office } of rows)
      offices.#clerks.set(office, { id, officeId, name, roles: ['clerk'] });
    return offices;
  }

  get count(): number {
    return this.#clerks.size;
  }

  async clerk(number: number): Promise<Officer> {
    const name = nameOf(number + 1);
    const known = this.#clerks.get(name);
    if (known) return known;
    const { clock, officers, transactions } = this.#house;
    const office: Office = { id: newId(clock), kind: 'medical-council', name };
    const clerk: Officer = {
      id: newId(clock),
      officeId: office.id,
      name: `کارشناس ${name}`,
      roles: ['clerk'],
    };
    const at = wholeSeconds(clock.now());
    await transactions.transaction(async (tx) => {
      await officers.insertOffice(tx, office, at);
      await officers.insertOfficer(tx, clerk, at);
    });
    this.#clerks.set(name, clerk);
    return clerk;
  }
}

function nameOf(number: number | ''): string {
  return `دفتر آزمایشی ${number}`;
}
