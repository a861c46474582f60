import { KP } from '../../../pki/oid.ts';
import { certificateKind } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A signing certificate has the purpose of signing documents. */
export const documentSigningInSigning: CertificateLint = {
  id: 'document-signing-in-signing',
  source: 'RFC 9336 §3, practice statement: profiles',
  check({ certificate }) {
    if (certificateKind(certificate) !== 'signing') return 'not-applicable';
    const purposes = parsedExtensions(certificate).extendedKeyUsage;
    return purposes?.includes(KP.documentSigning) ? 'pass' : error('no purpose of document signing');
  },
};
