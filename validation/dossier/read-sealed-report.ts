import { isObject } from '../../core/is-object.ts';
import { readJws } from '../../formats/jws/read-jws.ts';
import { ValidationError } from '../validation-error.ts';
import type { SealedReport } from './dossier.ts';

/**
 * What a seal is on. Only its outline is looked at: the seal says who answers for the rest. Throws FormatError or ValidationError
 * `report-malformed`.
 */
export function readSealedReport(seal: Buffer): { report: SealedReport; payload: Buffer } {
  const { payload } = readJws(seal);
  const report = payload && jsonOf(payload);
  if (!payload || !isSealedReport(report))
    throw new ValidationError('report-malformed', 'what is sealed is no validation report');
  return { report, payload };
}

function jsonOf(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isSealedReport(value: unknown): value is SealedReport {
  if (!isObject(value) || !isObject(value.SignatureValidationObjects) || !isObject(value.Report))
    return false;
  return (
    Array.isArray(value.SignatureValidationReport) &&
    value.SignatureValidationReport.every(
      (one) =>
        isObject(one) &&
        isObject(one.SignatureIdentifier) &&
        isObject(one.SignatureIdentifier.DigestAlgAndValue),
    ) &&
    Array.isArray(value.SignatureValidationObjects.ValidationObject) &&
    value.SignatureValidationObjects.ValidationObject.every(
      (one) =>
        isObject(one) &&
        isObject(one.ValidationObjectRepresentation) &&
        isObject(one.ValidationObjectRepresentation.DigestAlgAndValue),
    ) &&
    typeof value.Report.validatedAt === 'string' &&
    isObject(value.Report.proofOfExistence)
  );
}
