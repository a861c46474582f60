import { extendedKeyUsageExtension } from '../../../../pki/extensions/extended-key-usage.ts';
import { CE, KP } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'document signing': linted('signing') },
  error: {
    'another purpose': linted('signing', { with: [extendedKeyUsageExtension([KP.emailProtection])] }),
    'no purpose': linted('signing', { without: [CE.extKeyUsage] }),
  },
  'not-applicable': { 'a certificate for log-in': linted('authentication'), 'a CA': linted('intermediate') },
};
