import type { CouncilNumber } from '../../core/council-number.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { CertificateStatus } from '../../pki/certificate-status.ts';
import { SigningError } from '../signing-error.ts';

/** How a relying party says whose signature it wants. */
export type CredentialReference =
  { councilNumber: CouncilNumber } | { nationalId: NationalId } | { certificateSha256: Buffer };

export interface CredentialId {
  authorityId: string;
  serialNumber: Buffer;
}

/** A certificate whose key is on a phone, as it stands now. */
export interface Credential extends CredentialId {
  /** DER. */
  certificate: Buffer;
  certificateSha256: Buffer;
  notBefore: Date;
  notAfter: Date;
  status: CertificateStatus;
  /** Of the newest change in the history of statuses that this certificate has: another one, and it may be another status. */
  changeNumber: number;
  /** What the Medical Council says of the licence, when it is not that it is active. */
  licenceFault?: string;
  /** Wrong PINs in a row. */
  pinFailures: number;
  isBlocked: boolean;
  /** The key has shown that it signs digests which others hand in. */
  signsDigests: boolean;
}

export interface CredentialDirectory {
  /** Certificates of these profiles that have not expired, the newest first. */
  find(reference: CredentialReference, profileIds: readonly string[], now: Date): Promise<Credential[]>;
  /** As of this moment in the transaction. */
  current(tx: Transaction, id: CredentialId): Promise<Credential | undefined>;
}

/** Why a credential does not sign now; undefined: it does. */
export function faultOfCredential(credential: Credential, now: Date): SigningError | undefined {
  const { status, notBefore, notAfter, licenceFault } = credential;
  if (status.kind !== 'good')
    return new SigningError('credential-not-valid', `the certificate is revoked: ${status.reason}`);
  if (now < notBefore || now > notAfter)
    return new SigningError('credential-not-valid', 'the certificate is not valid at this time');
  if (licenceFault !== undefined)
    return new SigningError(
      'licence-not-active',
      `the Medical Council says of this licence: ${licenceFault}`,
    );
  if (credential.isBlocked)
    return new SigningError('credential-blocked', 'the phone has dropped this key after wrong PINs');
  return undefined;
}
