import { DomainError } from '../../core/errors.ts';
import { parseExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digestOfOid } from '../../pki/digest-algorithm.ts';
import { CE, KP } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { TimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { presentSigner } from '../cades/present-signer.ts';
import { weaknessesOfImprint, weaknessesOfSignature } from '../cryptographic-constraints.ts';
import { judgeCertificate } from '../judge-certificate.ts';
import type { CertificateSources } from '../judge-certificate.ts';
import type { CertificatePath } from '../path/build-path.ts';
import type { WorkBudget } from '../path/work-budget.ts';
import type { PresentedSignature, PresentedTimeStamp } from '../presented-signature.ts';
import { verdictOf } from '../reason.ts';
import type { Reason } from '../reason.ts';
import type { TrustStore } from '../trust-store.ts';
import type { Verdict } from '../verdict.ts';
import type { ProofSet } from './proof-set.ts';

/** A token that could be read, with its own signature as any other. */
export interface ReadTimeStamp {
  stamp: PresentedTimeStamp;
  token: TimeStampToken;
  presented: PresentedSignature;
}

export interface TimeStampContext extends CertificateSources {
  /** What the time stamp is in; its certificates and evidence may be of the authority. */
  signature: PresentedSignature;
  /** Anchors of time-stamping authorities. */
  trust: TrustStore;
  proofs: ProofSet;
  budget: WorkBudget;
}

export interface TimeStampJudgement {
  verdict: Verdict;
  reasons: Reason[];
  /** When the token is proven to exist: the verdict is as of then. */
  provenAt: Date;
  certificate?: Certificate;
  path?: CertificatePath;
}

/** The token as a signature of its authority; where it brings no certificate, those around it are looked through. */
export function presentToken(
  { signedData }: TimeStampToken,
  certificates: readonly Certificate[],
): PresentedSignature {
  const among = signedData.certificates.length === 0 ? [...certificates] : signedData.certificates;
  return presentSigner(signedData.signerInfos[0], 'time-stamp', {
    signedData: { ...signedData, certificates: among },
    content: signedData.content,
    contents: [],
    // RFC 3161 §2.4.2: the authority's certificate is named by hash.
    signingCertificateReference: 'required',
  });
}

/**
 * Validates a time stamp (ETSI EN 319 102-1 §5.4) as of the moment at which it is proven to exist: now, or since a later time
 * stamp covers it, then. So it outlives its authority's certificate and its algorithms.
 */
export async function validateTimeStamp(
  { stamp, token, presented }: ReadTimeStamp,
  context: TimeStampContext,
): Promise<TimeStampJudgement> {
  const { proofs, policy } = context;
  const provenAt = proofs.earliest(stamp.token);
  const constraints = { algorithms: policy.algorithms, at: provenAt };
  const { certificate, reasons: identification } = presented.signingCertificate;
  const before = [
    ...imprintFaults(stamp, token, constraints),
    ...timeFaults(token, proofs.now),
    ...identification,
  ];
  if (!certificate) return { verdict: verdictOf(before), reasons: before, provenAt };
  const result = presented.verify(certificate);
  const judged = await judgeAuthority(certificate, { presented, token, provenAt }, context);
  const reasons = [
    ...before,
    ...result.reasons,
    ...(result.algorithms ? weaknessesOfSignature(result.algorithms, certificate, constraints) : []),
    ...purposeFaults(certificate),
    ...judged.reasons,
  ];
  const verdict = verdictOf(reasons);
  const isComplete = result.verdict === 'PASSED' && judged.path && judged.status;
  if (verdict.indication === 'TOTAL-PASSED' && !isComplete)
    throw new Error('a time stamp without a reason against it was not validated to the end');
  return { verdict, reasons, provenAt, certificate, ...(judged.path && { path: judged.path }) };
}

function imprintFaults(
  stamp: PresentedTimeStamp,
  { info }: TimeStampToken,
  constraints: Parameters<typeof weaknessesOfImprint>[1],
): Reason[] {
  try {
    const digestName = digestOfOid(info.digestOid);
    if (stamp.imprint(digestName).equals(info.hash)) return weaknessesOfImprint(digestName, constraints);
    const text = 'the time stamp is over something else: its imprint differs';
    return [{ code: 'time-stamp-imprint-differs', text }];
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    const { code, detail } = cause as DomainError<string>;
    const text = `what was stamped cannot be put together: ${detail}`;
    return [{ code: code === 'algorithm-unsupported' ? code : 'time-stamp-imprint-differs', text }];
  }
}

function timeFaults({ info }: TimeStampToken, now: Date): Reason[] {
  if (info.genTime.getTime() <= now.getTime()) return [];
  const text = `the time stamp says ${info.genTime.toISOString()}, which is later than now, ${now.toISOString()}`;
  return [{ code: 'time-stamp-in-future', text }];
}

/** RFC 3161 §2.3: a certificate for time stamps and nothing else, and it says so critically. */
function purposeFaults({ extensions }: Certificate): Reason[] {
  const extension = extensions.get(CE.extKeyUsage);
  const purposes = extension ? purposesOf(extension.value) : [];
  if (extension?.critical && purposes.length === 1 && purposes[0] === KP.timeStamping) return [];
  const text = `the certificate is not for time stamps alone: extKeyUsage is ${purposes.join(', ') || 'absent'}${
    extension && !extension.critical ? ', and not critical' : ''
  }`;
  return [{ code: 'time-stamp-purpose-differs', text }];
}

function purposesOf(value: Buffer): string[] {
  try {
    return parseExtendedKeyUsage(value);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [];
  }
}

async function judgeAuthority(
  certificate: Certificate,
  made: { presented: PresentedSignature; token: TimeStampToken; provenAt: Date },
  context: TimeStampContext,
) {
  const { signature, trust, proofs, budget } = context;
  const { presented, token, provenAt } = made;
  const { genTime } = token.info;
  const source = provenAt.getTime() < proofs.now.getTime() ? 'time-stamp' : 'validation-time';
  const judged = await judgeCertificate(
    {
      certificate,
      isBound: true,
      certificates: [...presented.certificates, ...signature.certificates],
      revocation: [...presented.revocation, ...signature.revocation],
      proof: { at: provenAt, source },
      signingTime: genTime,
      trust,
      proofs,
      budget,
    },
    context,
  );
  if (genTime.getTime() >= certificate.notBefore.getTime()) return judged;
  const text = `the time stamp says ${genTime.toISOString()}, before the certificate was valid: notBefore is ${certificate.notBefore.toISOString()}`;
  const reasons: Reason[] = [...judged.reasons, { code: 'certificate-not-yet-valid', text }];
  return { ...judged, reasons };
}
