import { assertRole, seesAllOffices } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { drawSample, populationSha256 } from './draw-sample.ts';
import { INSPECTION_READERS } from './inspection.ts';
import type { Finding, Inspection, InspectionCase, InspectionHouse, InspectionId } from './inspection.ts';

export interface InspectionFile {
  inspection: Inspection;
  cases: InspectionCase[];
  findings: Finding[];
  /** Whether drawing again, now, gives the same: nobody has put another sample in its place. */
  isReproducible: boolean;
}

/** Newest first; a manager sees those of their office. */
export function listInspections(
  house: Pick<InspectionHouse, 'inspections'>,
  officer: Officer,
  { before, limit }: { before?: InspectionId; limit: number },
): Promise<Inspection[]> {
  assertRole(officer, INSPECTION_READERS);
  return house.inspections.list(seesAllOffices(officer) ? undefined : officer.officeId, before, limit);
}

/** One with its cases and findings, drawn once more to see that it comes out the same; throws RaError `inspection-unknown`. */
export async function readInspection(
  house: Pick<InspectionHouse, 'inspections'>,
  officer: Officer,
  id: InspectionId,
): Promise<InspectionFile> {
  assertRole(officer, INSPECTION_READERS);
  const inspection = await findInspection(house, id);
  if (inspection.officeId !== officer.officeId && !seesAllOffices(officer)) throw unknown();
  const [cases, findings] = [await house.inspections.casesOf(id), await house.inspections.findingsOf(id)];
  return { inspection, cases, findings, isReproducible: await drawsTheSame(house, inspection, cases) };
}

async function drawsTheSame(
  { inspections }: Pick<InspectionHouse, 'inspections'>,
  { officeId, periodFrom, periodBefore, openedAt, seed, sampleSize, ...inspection }: Inspection,
  cases: readonly InspectionCase[],
): Promise<boolean> {
  const population = await inspections.population(officeId, periodFrom, periodBefore, openedAt);
  const again = drawSample(population, seed, sampleSize).map(({ applicationId }) => applicationId);
  return (
    populationSha256(population).equals(inspection.populationSha256) &&
    again.join() === cases.map(({ applicationId }) => applicationId).join()
  );
}

export async function findInspection(
  { inspections }: Pick<InspectionHouse, 'inspections'>,
  id: InspectionId,
): Promise<Inspection> {
  const inspection = await inspections.find(id);
  if (!inspection) throw unknown();
  return inspection;
}

function unknown(): RaError {
  return new RaError('inspection-unknown', 'no such inspection');
}
