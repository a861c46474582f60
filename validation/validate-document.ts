import type { Clock } from '../core/clock.ts';
import type { LicenceHistory } from './licence-history.ts';
import type { ValidationPolicy } from './policy.ts';
import type { SignatureInput } from './presented-signature.ts';
import { proofOfExistence } from './proof-of-existence.ts';
import { verdictOf } from './reason.ts';
import type { ValidationReport } from './report.ts';
import type { RevocationSource } from './revocation/revocation-source.ts';
import { readSignatures } from './signature-formats.ts';
import type { StatusHistory } from './status-history.ts';
import type { TrustStore } from './trust-store.ts';
import { validateSignature } from './validate-signature.ts';
import { gravestCryptographic } from './verify-signature.ts';

export interface DocumentValidation extends Omit<SignatureInput, 'signingCertificateReference'> {
  /** When the relying party received the signature: its proof of existence. */
  receivedAt?: Date;
  trust: TrustStore;
  policy: ValidationPolicy;
  statusHistory: StatusHistory;
  /** Absent: nobody here hears what the Medical Council says of licences. */
  licenceHistory?: LicenceHistory | undefined;
  clock: Clock;
  /** Asked for CRLs and OCSP responses of other authorities where the signature has none; absent: nobody is asked. */
  revocationSource?: RevocationSource | undefined;
  /** Told why a status could not be read; the verdict is then INDETERMINATE/TRY_LATER. */
  onStatusFault?: (cause: unknown) => void;
}

/**
 * Validates the signatures of a document, whatever its format, after ETSI EN 319 102-1 §5.3 against the deployment's
 * anchors and status history. Throws PkiError or FormatError for what is no document of any format, and ValidationError
 * `received-at-in-future`.
 */
export async function validateDocument(validation: DocumentValidation): Promise<ValidationReport> {
  const { policy, trust, statusHistory, licenceHistory, onStatusFault, revocationSource } = validation;
  const now = validation.clock.now();
  const proof = proofOfExistence(validation.receivedAt, now);
  const { signingCertificateReference } = policy;
  const document = readSignatures({ ...inputOf(validation), signingCertificateReference });
  const context = {
    now,
    proof,
    trust,
    policy,
    statusHistory,
    licenceHistory,
    onStatusFault,
    revocationSource,
  };
  const signatures = await Promise.all(
    document.signatures.map((signature) => validateSignature(signature, context)),
  );
  const reasons = [...signatures.flatMap((signature) => signature.reasons), ...document.reasons];
  return {
    ...verdictOf(reasons),
    cryptographic: gravestCryptographic(signatures.map(({ cryptographic }) => cryptographic)),
    reasons,
    policy: policy.id,
    validatedAt: now.toISOString(),
    proofOfExistence: { at: proof.at.toISOString(), source: proof.source },
    signatures,
  };
}

function inputOf({ signature, content, contentsByName }: DocumentValidation) {
  return { signature, ...(content && { content }), ...(contentsByName && { contentsByName }) };
}
