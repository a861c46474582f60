import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { Id } from '../../core/ids.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { ApplicationId } from '../application.ts';
import type { OfficeId, OfficerId } from '../officer.ts';
import type { InspectableCase } from './draw-sample.ts';

export type InspectionId = Id<'inspection'>;
export type FindingId = Id<'inspection-finding'>;

export const SEVERITIES = ['note', 'minor', 'major'] as const;
export const OUTCOMES = ['passed', 'passed-with-findings', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Inspection {
  id: InspectionId;
  officeId: OfficeId;
  periodFrom: Date;
  /** The period ends before it. */
  periodBefore: Date;
  sampleSize: number;
  seed: Buffer;
  population: number;
  populationSha256: Buffer;
  dueAt: Date;
  openedBy: OfficerId;
  openedAt: Date;
  closed?: { outcome: Outcome; by: OfficerId; at: Date };
}

/** A drawn case, and how far its papers are. */
export interface InspectionCase extends InspectableCase {
  position: number;
  /** Kinds of papers that are kept with it. */
  papers: string[];
}

export interface Finding {
  id: FindingId;
  inspectionId: InspectionId;
  applicationId?: ApplicationId;
  severity: (typeof SEVERITIES)[number];
  text: string;
  recordedBy: OfficerId;
  recordedAt: Date;
}

export interface InspectionStore {
  officeExists(officeId: OfficeId): Promise<boolean>;
  /** Applications of the office with a certificate of the period, by id; revoked as of `at`. */
  population(officeId: OfficeId, from: Date, before: Date, at: Date): Promise<InspectableCase[]>;
  insert(tx: Transaction, inspection: Inspection, sample: readonly InspectableCase[]): Promise<void>;
  /** Newest first; of one office, or of all. */
  list(
    officeId: OfficeId | undefined,
    before: InspectionId | undefined,
    limit: number,
  ): Promise<Inspection[]>;
  find(id: InspectionId): Promise<Inspection | undefined>;
  casesOf(id: InspectionId): Promise<InspectionCase[]>;
  findingsOf(id: InspectionId): Promise<Finding[]>;
  insertFinding(tx: Transaction, finding: Finding): Promise<void>;
  /** False when it was closed before. */
  close(tx: Transaction, id: InspectionId, closed: NonNullable<Inspection['closed']>): Promise<boolean>;
}

export interface InspectionHouse {
  inspections: InspectionStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

/** Who inspects. */
export const INSPECTOR_ROLES = ['security-officer', 'auditor'] as const;
/** A manager sees what is asked of their office, and what was found. */
export const INSPECTION_READERS = ['security-officer', 'auditor', 'office-manager'] as const;
