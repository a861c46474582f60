import { DomainError } from '../../core/errors.ts';
import type { ApprovalDocument } from '../../pki/approval/approval-document.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { CaError } from '../ca-error.ts';
import type { AboutToSign } from './about-to-sign.ts';
import type { ActivationProof } from './issuance-authorization.ts';

/**
 * An application that nobody has activated by then has ended (DOMAIN §4), so an approval without a key that is found later, in a
 * stolen backup or by whoever has got into the registration authority, opens nothing any more.
 */
export const OPEN_APPROVAL_SECONDS_MAX = 60 * 24 * 3600;

/**
 * What the CA can see by itself of an activation: the profile is one of phones, the approval is not old by what the officer signed,
 * the activation came after it, and whoever activated holds the key that is about to be certified. Throws CaError
 * `activation-missing` or `approval-differs`.
 */
export function assertActivated(
  { subjectPublicKeyInfo, profile, now }: AboutToSign,
  { preparedAt }: Pick<ApprovalDocument, 'preparedAt'>,
  activation: ActivationProof | undefined,
): void {
  if (profile.keyStorage !== 'phone')
    throw new CaError('approval-differs', `a key of profile ${profile.id} is known when it is approved`);
  if (!activation) throw missing('an approval without a key needs the activation that brought the key');
  const approvedFrom = Date.parse(preparedAt);
  if (!(activation.usedAt.getTime() >= approvedFrom))
    throw missing('it was activated before it was approved');
  if (now.getTime() - approvedFrom > OPEN_APPROVAL_SECONDS_MAX * 1000)
    throw missing(`an approval without a key is good for ${OPEN_APPROVAL_SECONDS_MAX / 86_400} days`);
  if (!provenKey(activation.certificationRequest).equals(subjectPublicKeyInfo))
    throw new CaError('approval-differs', 'not the key of the activation');
}

function provenKey(certificationRequest: Buffer): Buffer {
  try {
    return parseCertificationRequest(certificationRequest).subjectPublicKeyInfo;
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new CaError('activation-missing', cause.detail, { cause });
  }
}

function missing(detail: string): CaError {
  return new CaError('activation-missing', detail);
}
