import { NULL } from '../../../pki/der/encode.ts';
import { CE } from '../../../pki/oid.ts';
import { certificateKind } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** A delegated responder has ocsp-nocheck with the value NULL, and nobody else has it: it switches revocation off. */
export const ocspNoCheck: CertificateLint = {
  id: 'ocsp-no-check',
  source: 'RFC 6960 §4.2.2.2.1, practice statement: profiles',
  check({ certificate }) {
    const extension = certificate.extensions.get(CE.ocspNoCheck);
    if (certificateKind(certificate) !== 'ocsp-responder') {
      return extension ? error('ocsp-nocheck without OCSPSigning') : 'not-applicable';
    }
    if (!extension) return error('an OCSP responder without ocsp-nocheck');
    return extension.value.equals(NULL) ? 'pass' : error('the value of ocsp-nocheck is not NULL');
  },
};
