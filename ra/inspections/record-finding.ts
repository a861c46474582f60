import { newId } from '../../core/ids.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { INSPECTOR_ROLES } from './inspection.ts';
import type { Finding, Inspection, InspectionHouse, InspectionId, Outcome } from './inspection.ts';
import { findInspection } from './read-inspections.ts';

/** Records what was found, in one case or in the office; throws RaError `inspection-closed` or `inspection-case-unknown`. */
export async function recordFinding(
  house: InspectionHouse,
  officer: Officer,
  id: InspectionId,
  input: Pick<Finding, 'severity' | 'text'> & { applicationId?: Finding['applicationId'] },
): Promise<Finding> {
  assertRole(officer, INSPECTOR_ROLES);
  assertOpen(await findInspection(house, id));
  const { applicationId } = input;
  const cases = await house.inspections.casesOf(id);
  if (applicationId !== undefined && !cases.some((one) => one.applicationId === applicationId))
    throw new RaError('inspection-case-unknown', 'this application was not drawn');
  const finding: Finding = {
    ...input,
    id: newId(house.clock),
    inspectionId: id,
    recordedBy: officer.id,
    recordedAt: house.clock.now(),
  };
  await house.transactions.transaction(async (tx) => {
    await house.inspections.insertFinding(tx, finding);
    await house.audit.record(tx, {
      at: finding.recordedAt,
      actor: actorOf(officer),
      action: 'record-finding',
      outcome: 'accepted',
      subject: `inspection:${id}`,
      details: { finding: finding.id, severity: finding.severity, application: applicationId ?? null },
    });
  });
  return finding;
}

/** Closes it for good; throws RaError `inspection-closed`. One that failed has a major finding, one that passed has none. */
export async function closeInspection(
  house: InspectionHouse,
  officer: Officer,
  id: InspectionId,
  outcome: Outcome,
): Promise<void> {
  assertRole(officer, INSPECTOR_ROLES);
  assertOpen(await findInspection(house, id));
  const findings = await house.inspections.findingsOf(id);
  const isMajor = findings.some(({ severity }) => severity === 'major');
  if ((outcome === 'failed') !== isMajor)
    throw new RaError('inspection-outcome', 'an inspection has failed exactly when it has a major finding');
  if (outcome === 'passed' && findings.some(({ severity }) => severity === 'minor'))
    throw new RaError('inspection-outcome', 'it has findings: passed-with-findings');
  await house.transactions.transaction(async (tx) => {
    const at = house.clock.now();
    if (!(await house.inspections.close(tx, id, { outcome, by: officer.id, at }))) throw closed();
    await house.audit.record(tx, {
      at,
      actor: actorOf(officer),
      action: 'close-inspection',
      outcome: 'accepted',
      subject: `inspection:${id}`,
      details: { outcome, findings: findings.length },
    });
  });
}

function assertOpen(inspection: Inspection): void {
  if (inspection.closed) throw closed();
}

function closed(): RaError {
  return new RaError('inspection-closed', 'this inspection is closed');
}
