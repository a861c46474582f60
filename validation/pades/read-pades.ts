import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { readSecurityStore } from '../../formats/pdf/security-store.ts';
import type { SecurityStore } from '../../formats/pdf/security-store.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { PresentedDocument, PresentedSignature, SignatureInput } from '../presented-signature.ts';
import { ComparisonBudget } from './comparison-budget.ts';
import { documentTimeStamps, presentDocumentTimeStamps } from './document-time-stamps.ts';
import type { DocumentTimeStamp } from './document-time-stamps.ts';
import { findSignatures } from '../../formats/pdf/find-signatures.ts';
import type { FoundSignature } from '../../formats/pdf/find-signatures.ts';
import { reasonsOfLaterRevisions } from './later-revisions.ts';
import { presentPdfSignature } from './present-pdf-signature.ts';
import { contentsKindOf } from '../../formats/pdf/contents-kind.ts';

/**
 * Reads a PDF with every signature of every revision (ETSI EN 319 142-1, and PKCS#7 signatures of ISO 32000), the time stamps
 * and evidence that came later, and says what else later revisions changed. Throws FormatError `pdf-malformed` or `pdf-encrypted`.
 */
export function readPades(input: SignatureInput): PresentedDocument {
  const file = new PdfFile(input.signature);
  const found = findSignatures(file);
  const stamps = found.filter(isTimeStamp);
  const signatures = found.filter((one) => !isTimeStamp(one));
  const { timeStamps, reasons } = documentTimeStamps(file, stamps);
  const evidence = evidenceIn(readSecurityStore(file.newest()));
  const budget = new ComparisonBudget();
  if (signatures.length === 0) reasons.push({ code: 'no-signer', text: 'nobody has signed the PDF' });
  return {
    signatures: signatures.map((one) => {
      const alone = presentPdfSignature(one, file.bytes, input.signingCertificateReference);
      const surrounded = withEvidence(alone, one, timeStamps, evidence);
      const later = one.coverage.range
        ? reasonsOfLaterRevisions(file, one.coverage.range, found, budget)
        : [];
      return { ...surrounded, reasons: [...alone.reasons, ...later] };
    }),
    reasons,
  };
}

function isTimeStamp({ dictionary }: FoundSignature): boolean {
  return contentsKindOf(dictionary.subFilter) === 'time-stamp';
}

interface Evidence {
  certificates: readonly Certificate[];
  revocation: readonly EmbeddedRevocation[];
}

function withEvidence(
  alone: PresentedSignature,
  { coverage }: FoundSignature,
  timeStamps: readonly DocumentTimeStamp[],
  evidence: Evidence,
): PresentedSignature {
  if (!coverage.range) return alone;
  return {
    ...alone,
    certificates: [...alone.certificates, ...evidence.certificates],
    revocation: [...alone.revocation, ...evidence.revocation],
    timeStamps: [
      ...alone.timeStamps,
      ...presentDocumentTimeStamps(timeStamps, { range: coverage.range }, alone),
    ],
  };
}

function evidenceIn({ certificates, crls, ocspResponses }: SecurityStore): Evidence {
  return {
    certificates: certificates.flatMap((bytes) => readable(bytes) ?? []),
    revocation: [
      ...crls.map((bytes) => ({ kind: 'crl' as const, bytes })),
      ...ocspResponses.map((bytes) => ({ kind: 'ocsp-response' as const, bytes })),
    ],
  };
}

/** A certificate that cannot be read may be missed later, and spoils nothing now. */
function readable(bytes: Buffer): Certificate | undefined {
  try {
    return parseCertificate(bytes);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
