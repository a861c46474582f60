import { Type } from 'typebox';

import type { CertificateStatus } from '../../pki/certificate-status.ts';
import { encodePem } from '../../pki/pem.ts';
import type { CertificateRecord } from '../../ra/certificate-directory.ts';
import { ApplicantSchema, Instant, StatusSchema, Uuid } from '../schemas.ts';

export const CertificateView = Type.Object({
  authority: Type.String(),
  serialNumber: Type.String(),
  profile: Type.String(),
  notBefore: Instant,
  notAfter: Instant,
  issuedAt: Instant,
  sha256: Type.String(),
  status: StatusSchema,
  applicationId: Uuid,
  applicant: ApplicantSchema,
  certificate: Type.String({ description: 'PEM' }),
});

export function viewOfCertificate(record: CertificateRecord) {
  return {
    authority: record.authorityId,
    serialNumber: record.serialNumber.toString('hex'),
    profile: record.profileId,
    notBefore: record.notBefore.toISOString(),
    notAfter: record.notAfter.toISOString(),
    issuedAt: record.issuedAt.toISOString(),
    sha256: record.sha256.toString('hex'),
    status: viewOfStatus(record.status),
    applicationId: record.applicationId,
    applicant: record.applicant,
    certificate: encodePem('CERTIFICATE', record.bytes),
  };
}

export function viewOfStatus(status: CertificateStatus) {
  if (status.kind === 'good') return { kind: status.kind };
  return {
    kind: status.kind,
    revokedAt: status.revokedAt.toISOString(),
    reason: status.reason,
    ...(status.invalidityDate && { invalidityDate: status.invalidityDate.toISOString() }),
  };
}
