import { Type } from 'typebox';

import { OUTCOMES, SEVERITIES } from '../../ra/inspections/inspection.ts';
import type { Finding, Inspection } from '../../ra/inspections/inspection.ts';
import { Instant, Uuid } from '../schemas.ts';

export const JalaliDay = Type.String({
  pattern: '^[0-9۰-۹]{8}$',
  description: 'Jalali day, yyyymmdd',
  examples: ['14040905'],
});

export const InspectionView = Type.Object({
  id: Uuid,
  officeId: Uuid,
  periodFrom: Instant,
  periodBefore: Instant,
  sampleSize: Type.Integer(),
  population: Type.Integer(),
  populationSha256: Type.String(),
  seed: Type.String({ description: 'Hexadecimal; with it the draw can be repeated' }),
  dueAt: Instant,
  openedBy: Uuid,
  openedAt: Instant,
  outcome: Type.Optional(Type.Enum(OUTCOMES, { description: 'Absent while it is open' })),
  closedAt: Type.Optional(Instant),
});

export function viewOfInspection({ closed, ...one }: Inspection) {
  return {
    id: one.id,
    officeId: one.officeId,
    periodFrom: one.periodFrom.toISOString(),
    periodBefore: one.periodBefore.toISOString(),
    sampleSize: one.sampleSize,
    population: one.population,
    populationSha256: one.populationSha256.toString('hex'),
    seed: one.seed.toString('hex'),
    dueAt: one.dueAt.toISOString(),
    openedBy: one.openedBy,
    openedAt: one.openedAt.toISOString(),
    ...(closed && { outcome: closed.outcome, closedAt: closed.at.toISOString() }),
  };
}

export const FindingView = Type.Object({
  id: Uuid,
  applicationId: Type.Optional(Uuid),
  severity: Type.Enum(SEVERITIES),
  text: Type.String(),
  recordedBy: Uuid,
  recordedAt: Instant,
});

export function viewOfFinding({ id, applicationId, severity, text, recordedBy, recordedAt }: Finding) {
  return {
    id,
    ...(applicationId && { applicationId }),
    severity,
    text,
    recordedBy,
    recordedAt: recordedAt.toISOString(),
  };
}
