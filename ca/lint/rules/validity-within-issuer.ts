import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Shell model: a certificate is valid only while its issuer's is. */
export const validityWithinIssuer: CertificateLint = {
  id: 'validity-within-issuer',
  source: 'practice statement: validity',
  check({ certificate, issuer }) {
    if (!issuer) return 'not-applicable';
    if (certificate.notAfter.getTime() > issuer.notAfter.getTime()) {
      return error(`notAfter ${day(certificate.notAfter)} exceeds issuer's ${day(issuer.notAfter)}`);
    }
    if (certificate.notBefore.getTime() < issuer.notBefore.getTime()) {
      return error(`notBefore ${day(certificate.notBefore)} precedes issuer's ${day(issuer.notBefore)}`);
    }
    return 'pass';
  },
};

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
