import type { Clock } from '../core/clock.ts';
import { parseSignedData } from '../pki/cms/signed-data.ts';
import type { SignedData } from '../pki/cms/signed-data.ts';
import type { ValidationPolicy } from './policy.ts';
import { proofOfExistence } from './proof-of-existence.ts';
import { verdictOf } from './reason.ts';
import type { Reason } from './reason.ts';
import type { ValidationReport } from './report.ts';
import type { RevocationSource } from './revocation/revocation-source.ts';
import type { StatusHistory } from './status-history.ts';
import type { TrustStore } from './trust-store.ts';
import { validateSigner } from './validate-signer.ts';
import type { CryptographicVerdict } from './verify-signature.ts';

export interface CmsValidation {
  /** SignedData in BER, DER or PEM. */
  signature: Uint8Array;
  /** The document; needed when the signature is detached, and else it must be what the signature envelops. */
  content?: Uint8Array;
  /** When the relying party received the signature: its proof of existence. */
  receivedAt?: Date;
  trust: TrustStore;
  policy: ValidationPolicy;
  statusHistory: StatusHistory;
  clock: Clock;
  /** Asked for CRLs and OCSP responses of other authorities where the signature has none; absent: nobody is asked. */
  revocationSource?: RevocationSource | undefined;
  /** Told why a status could not be read; the verdict is then INDETERMINATE/TRY_LATER. */
  onStatusFault?: (cause: unknown) => void;
}

/**
 * Validates a CMS signature after ETSI EN 319 102-1 §5.3 against the deployment's anchors and status history.
 * Throws PkiError `cms-malformed` for what is no SignedData, and ValidationError `received-at-in-future`.
 */
export async function validateCms(validation: CmsValidation): Promise<ValidationReport> {
  const { policy, trust, statusHistory, onStatusFault, revocationSource } = validation;
  const now = validation.clock.now();
  const proof = proofOfExistence(validation.receivedAt, now);
  const signedData = parseSignedData(validation.signature);
  const content = validation.content ?? signedData.content;
  const context = {
    signedData,
    content,
    proof,
    trust,
    policy,
    statusHistory,
    onStatusFault,
    revocationSource,
  };
  const signatures = await Promise.all(
    signedData.signerInfos.map((signer) => validateSigner(signer, context)),
  );
  const reasons = [
    ...signatures.flatMap((signature) => signature.reasons),
    ...faultsOfDocument(signedData, content),
  ];
  return {
    ...verdictOf(reasons),
    cryptographic: cryptographicVerdictOf(signatures.map((signature) => signature.cryptographic)),
    reasons,
    policy: policy.id,
    validatedAt: now.toISOString(),
    proofOfExistence: { at: proof.at.toISOString(), source: proof.source },
    signatures,
  };
}

function faultsOfDocument(signedData: SignedData, content: Uint8Array | undefined): Reason[] {
  const reasons: Reason[] = [];
  if (signedData.signerInfos.length === 0)
    reasons.push({ code: 'no-signer', text: 'the SignedData has no signer' });
  if (signedData.content && content && !signedData.content.equals(content)) {
    const text = 'the document that was handed in is not the one that the signature envelops';
    reasons.push({ code: 'content-differs-from-enveloped', text });
  }
  return reasons;
}

function cryptographicVerdictOf(verdicts: readonly CryptographicVerdict[]): CryptographicVerdict {
  if (verdicts.includes('FAILED')) return 'FAILED';
  return verdicts.length === 0 || verdicts.includes('NOT_CHECKED') ? 'NOT_CHECKED' : 'PASSED';
}
