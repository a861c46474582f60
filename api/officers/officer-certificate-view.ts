import { Type } from 'typebox';

import { encodePem } from '../../pki/pem.ts';
import type { OfficerCertificate } from '../../ra/officer-certificates/officer-certificate-store.ts';
import { AuthorityId, Instant, SerialHex } from '../schemas.ts';

export const OfficerCertificateView = Type.Object({
  authority: AuthorityId,
  serialNumber: SerialHex,
  notBefore: Instant,
  notAfter: Instant,
  isGood: Type.Boolean({ description: 'Neither revoked nor on hold' }),
  certificate: Type.String({ description: 'PEM' }),
});

export function viewOfOfficerCertificate(one: OfficerCertificate) {
  return {
    authority: one.authorityId,
    serialNumber: one.serialNumber.toString('hex'),
    notBefore: one.notBefore.toISOString(),
    notAfter: one.notAfter.toISOString(),
    isGood: one.isGood,
    certificate: encodePem('CERTIFICATE', one.bytes),
  };
}
