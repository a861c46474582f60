import type { EtsiReport } from '../etsi-report/etsi-report.ts';
import type { EvidenceObject } from '../etsi-report/evidence-object.ts';
import type { ValidationReport } from '../report.ts';
import type { Summary, SummaryLanguage } from '../summary/summary.ts';

/** What a relying party hands in. */
export interface DossierRequest {
  signature: Buffer;
  content?: Buffer;
  /** Signed documents, where a detached signature is over several. */
  contentsByName?: ReadonlyMap<string, Buffer>;
  receivedAt?: Date;
}

/** What the service puts its seal on. */
export interface SealedReport extends EtsiReport {
  /** The same verdict in this project's own words, and in plain ones. */
  Report: ValidationReport;
  Summary: Record<SummaryLanguage, Summary>;
  /** Keys of the log that proves how certificates were issued, as verifiers are told them; absent where no proof is among the evidence. */
  LogKeys?: string[];
  /** What could not be collected; empty when the evidence is whole. */
  Missing: string[];
}

/** A verdict with everything that it rests on. */
export interface Dossier {
  request: DossierRequest;
  report: ValidationReport;
  summaries: Record<SummaryLanguage, Summary>;
  evidence: readonly EvidenceObject[];
  /** The canonical JSON of a SealedReport, as it is inside the seal. */
  payload: Buffer;
  /** JAdES. */
  seal: Buffer;
}
