import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** The period from notBefore through notAfter, both included, is not empty. */
export const validityOrder: CertificateLint = {
  id: 'validity-order',
  source: 'RFC 5280 §4.1.2.5',
  check({ certificate: { notBefore, notAfter } }) {
    return notAfter.getTime() >= notBefore.getTime() ? 'pass' : error('notAfter lies before notBefore');
  },
};
