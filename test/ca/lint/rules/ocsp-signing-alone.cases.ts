import { extendedKeyUsageExtension } from '../../../../pki/extensions/extended-key-usage.ts';
import { KP } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'OCSPSigning alone': linted('ocsp-responder') },
  error: {
    'another purpose beside it': linted('ocsp-responder', {
      with: [extendedKeyUsageExtension([KP.ocspSigning, KP.clientAuth])],
    }),
  },
  'not-applicable': { 'a signer': linted('signing') },
};
