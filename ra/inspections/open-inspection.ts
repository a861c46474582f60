import { randomBytes } from 'node:crypto';

import { newId } from '../../core/ids.ts';
import { jalaliToGregorian, parseJalaliDate, tehranMidnight } from '../../core/jalali.ts';
import type { CivilDate } from '../../core/jalali.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer, OfficeId } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { drawSample, populationSha256 } from './draw-sample.ts';
import { INSPECTOR_ROLES } from './inspection.ts';
import type { Inspection, InspectionHouse } from './inspection.ts';

export interface InspectionInput {
  officeId: OfficeId;
  /** Jalali days `yyyymmdd`, both counted in. */
  from: string;
  to: string;
  sampleSize: number;
  /** Jalali day by whose end the office has its papers together. */
  dueOn: string;
}

const SEED_OCTETS = 32;

/**
 * Opens an inspection: draws the sample from the office's cases of a period and asks for their papers. Throws RaError
 * `office-unknown`, `inspection-period` or `inspection-empty`.
 */
export async function openInspection(
  house: InspectionHouse,
  officer: Officer,
  input: InspectionInput,
): Promise<Inspection> {
  assertRole(officer, INSPECTOR_ROLES);
  const { inspections, clock } = house;
  const now = clock.now();
  const { officeId, sampleSize } = input;
  if (!(await inspections.officeExists(officeId))) throw new RaError('office-unknown', 'no such office');
  const [periodFrom, periodBefore] = [beginningOf(input.from), endOf(input.to)];
  const dueAt = endOf(input.dueOn);
  if (periodBefore <= periodFrom) throw new RaError('inspection-period', 'the period ends before it begins');
  if (dueAt <= now) throw new RaError('inspection-period', 'the day by which papers are due is over');
  const population = await inspections.population(officeId, periodFrom, periodBefore, now);
  if (population.length === 0)
    throw new RaError('inspection-empty', 'the office has issued nothing in this period');
  const seed = randomBytes(SEED_OCTETS);
  const inspection: Inspection = {
    id: newId(clock),
    officeId,
    periodFrom,
    periodBefore,
    sampleSize,
    seed,
    population: population.length,
    populationSha256: populationSha256(population),
    dueAt,
    openedBy: officer.id,
    openedAt: now,
  };
  await house.transactions.transaction(async (tx) => {
    await inspections.insert(tx, inspection, drawSample(population, seed, sampleSize));
    await house.audit.record(tx, {
      at: now,
      actor: actorOf(officer),
      action: 'open-inspection',
      outcome: 'accepted',
      subject: `inspection:${inspection.id}`,
      details: {
        office: officeId,
        seed: seed.toString('hex'),
        population: population.length,
        populationSha256: inspection.populationSha256.toString('hex'),
      },
    });
  });
  return inspection;
}

function beginningOf(jalali: string): Date {
  return tehranMidnight(jalaliToGregorian(parseJalaliDate(jalali)));
}

/** The beginning of the day after; days of Tehran do not all have 24 hours. */
function endOf(jalali: string): Date {
  const { year, month, day } = jalaliToGregorian(parseJalaliDate(jalali));
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  const following: CivilDate = {
    year: next.getUTCFullYear(),
    month: next.getUTCMonth() + 1,
    day: next.getUTCDate(),
  };
  return tehranMidnight(following);
}
