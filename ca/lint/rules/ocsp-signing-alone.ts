import { certificateKind } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A delegated responder's key does nothing but sign responses. */
export const ocspSigningAlone: CertificateLint = {
  id: 'ocsp-signing-alone',
  source: 'RFC 6960 §4.2.2.2, practice statement: profiles',
  check({ certificate }) {
    if (certificateKind(certificate) !== 'ocsp-responder') return 'not-applicable';
    const purposes = parsedExtensions(certificate).extendedKeyUsage ?? [];
    return purposes.length === 1 ? 'pass' : error('OCSPSigning stands beside other purposes');
  },
};
