import { canonicalJson } from '../../core/canonical-json.ts';
import { etsiReport } from '../etsi-report/etsi-report.ts';
import type { ValidationReport } from '../report.ts';
import { readSignatures } from '../signature-formats.ts';
import { summarise } from '../summary/summarise.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { Dossier, DossierRequest, SealedReport } from './dossier.ts';
import type { EvidenceSource, IssuanceLog } from './evidence-source.ts';
import { issuanceProofs } from './issuance-proofs.ts';
import type { ReportSealer } from './report-sealer.ts';

export interface DossierHouse {
  /** `validateDocument` of this deployment. */
  validate(request: DossierRequest): Promise<ValidationReport>;
  evidence: EvidenceSource;
  sealer: ReportSealer;
  /** Absent: nothing is proven of how certificates were issued. */
  issuanceLog?: IssuanceLog;
}

/**
 * Validates a document and seals the verdict with what it rests on (ETSI TS 119 102-2). Rejects as `validate` does, and with what
 * the sealer refuses with: an unsealed report is none.
 */
export async function makeDossier(request: DossierRequest, house: DossierHouse): Promise<Dossier> {
  const report = await house.validate(request);
  // Read as the engine reads it; a reference that it must have has been judged by now.
  const document = readSignatures({ ...request, signingCertificateReference: 'checked-if-present' });
  const collected = await collectEvidence(document, house.evidence);
  const proofs = await issuanceProofs(document, house.issuanceLog);
  const evidence = [...collected.objects, ...proofs.objects];
  const summaries = { fa: summarise(report, 'fa'), en: summarise(report, 'en') };
  const sealed: SealedReport = {
    ...etsiReport({
      report,
      signature: request.signature,
      signedData: document.signatures.map(({ contents }) => contents[0]?.bytes),
      evidence,
      validator: await house.sealer.certificate(),
    }),
    Report: report,
    Summary: summaries,
    ...(proofs.keys.length > 0 && { LogKeys: proofs.keys }),
    Missing: [...collected.missing, ...proofs.missing],
  };
  const payload = Buffer.from(canonicalJson(sealed));
  return { request, report, summaries, evidence, payload, seal: await house.sealer.seal(payload) };
}
