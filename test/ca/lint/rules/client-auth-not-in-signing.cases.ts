import { extendedKeyUsageExtension } from '../../../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { KP } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'document signing alone': linted('signing') },
  error: {
    'log-in beside it': linted('signing', {
      with: [extendedKeyUsageExtension([KP.documentSigning, KP.clientAuth])],
    }),
    'log-in with nonRepudiation among the usages': linted('signing', {
      with: [
        keyUsageExtension(['digitalSignature', 'nonRepudiation']),
        extendedKeyUsageExtension([KP.clientAuth]),
      ],
    }),
  },
  'not-applicable': { 'a certificate for log-in': linted('authentication') },
};
