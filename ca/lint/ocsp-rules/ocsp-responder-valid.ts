import { error } from '../finding.ts';
import { responderCertificate } from '../linted-ocsp-response.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** The responder's certificate is valid when the response is made. */
export const ocspResponderValid: OcspLint = {
  id: 'ocsp-responder-valid',
  source: 'RFC 6960 §4.2.2.2, practice statement: revocation',
  check({ response }) {
    const responder = response.status === 'successful' && responderCertificate(response);
    if (!responder) return 'not-applicable';
    const made = response.producedAt.getTime();
    const valid = responder.notBefore.getTime() <= made && made <= responder.notAfter.getTime();
    return valid ? 'pass' : error("producedAt lies outside the validity of the responder's certificate");
  },
};
