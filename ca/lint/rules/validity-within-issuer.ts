import { error, warning } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Shell model: a certificate ends no later than its issuer's; where it begins earlier, that time is worth nothing. */
export const validityWithinIssuer: CertificateLint = {
  id: 'validity-within-issuer',
  source: 'practice statement: validity',
  check({ certificate, issuer }) {
    if (!issuer) return 'not-applicable';
    if (certificate.notAfter.getTime() > issuer.notAfter.getTime()) {
      return error(`notAfter ${seconds(certificate.notAfter)} exceeds issuer's ${seconds(issuer.notAfter)}`);
    }
    if (certificate.notBefore.getTime() < issuer.notBefore.getTime()) {
      return warning("notBefore precedes the issuer's");
    }
    return 'pass';
  },
};

function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
