import { extendedKeyUsageExtension } from '../../../../pki/extensions/extended-key-usage.ts';
import { CE, KP } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'purposes as they should be': linted('signing') },
  error: {
    'critical ones': linted('signing', { with: [extendedKeyUsageExtension([KP.documentSigning], true)] }),
  },
  'not-applicable': {
    'a time stamping unit': linted('time-stamping'),
    'a signer without purposes': linted('signing', { without: [CE.extKeyUsage] }),
  },
};
