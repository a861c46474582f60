import type { Dossier, DossierRequest } from '../../validation/dossier/dossier.ts';
import type { SummaryLanguage } from '../../validation/summary/summary.ts';

/** Sealed verdicts, and the forms in which they are handed out; wired in `cli`. */
export interface ValidationReports {
  make(request: DossierRequest): Promise<Dossier>;
  /** ZIP. */
  pack(dossier: Dossier): Buffer;
  /** PDF. */
  print(dossier: Dossier, language: SummaryLanguage): Promise<Buffer>;
}
