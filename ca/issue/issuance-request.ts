import type { CouncilNumber } from '../../core/council-number.ts';
import type { IssuanceAuthorization } from '../approval/issuance-authorization.ts';
import type { SubjectField } from '../profile.ts';
import type { CertificateId } from '../status/status-store.ts';

/** What an approved application says of the person; the certificate says exactly this. */
export interface IssuanceRequest {
  authorityId: string;
  profileId: string;
  /** Whom to ask why this certificate exists: `application:<id>`, `ceremony:<id>`. */
  origin: string;
  /** DER; taken from the request whose signature has been verified. */
  subjectPublicKeyInfo: Buffer;
  subject: Partial<Record<SubjectField, string>>;
  /** Needed by profiles with admission or permanentIdentifier. */
  councilNumber?: CouncilNumber;
  /** The holder's certificate that this one goes on for, in a renewal or a re-key; it may stand beside this one. */
  replaces?: CertificateId;
  /** It was asked for with a signature by the certificate that it replaces: a renewal, and bound to that one's last days. */
  isRenewal?: true;
  /** What lets the CA issue; absent while it is only asked whether it could. */
  authorization?: IssuanceAuthorization;
}
