import { KP } from '../../../pki/oid.ts';
import { certificateKind } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A key whose signatures are commitments never answers log-in challenges, which its holder cannot read. */
export const clientAuthNotInSigning: CertificateLint = {
  id: 'client-auth-not-in-signing',
  source: 'practice statement: profiles',
  check({ certificate }) {
    if (certificateKind(certificate) !== 'signing') return 'not-applicable';
    const purposes = parsedExtensions(certificate).extendedKeyUsage;
    return purposes?.includes(KP.clientAuth) ? error('clientAuth in a signing certificate') : 'pass';
  },
};
