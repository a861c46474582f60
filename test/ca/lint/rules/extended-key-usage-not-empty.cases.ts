import { extendedKeyUsageExtension } from '../../../../pki/extensions/extended-key-usage.ts';
import { KP } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'one purpose': linted('signing') },
  error: {
    none: linted('signing', { with: [extendedKeyUsageExtension([])] }),
    'the same twice': linted('signing', {
      with: [extendedKeyUsageExtension([KP.documentSigning, KP.documentSigning])],
    }),
  },
  'not-applicable': { 'a certificate without purposes': linted('intermediate') },
};
