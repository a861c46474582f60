import { certificateFingerprint, serialHex } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { CertificateStatus } from '../pki/certificate-status.ts';
import { nameText } from '../pki/name.ts';
import type { CertificateSummary, StatusSummary } from './report.ts';

/** The facts of a certificate for a report; its subject is left to the signer's identity, which masks. */
export function certificateSummary(certificate: Certificate): CertificateSummary {
  return {
    serialNumber: serialHex(certificate),
    issuer: nameText(certificate.issuer),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    fingerprint: certificateFingerprint(certificate).toString('hex'),
  };
}

export function statusSummary(status: CertificateStatus): StatusSummary {
  if (status.kind === 'good') return { status: 'good' };
  const { revokedAt, reason, invalidityDate } = status;
  return {
    status: reason === 'certificateHold' ? 'on-hold' : 'revoked',
    since: revokedAt.toISOString(),
    reason,
    ...(invalidityDate && { invalidityDate: invalidityDate.toISOString() }),
  };
}
