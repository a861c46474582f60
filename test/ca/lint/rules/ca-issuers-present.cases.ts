import { authorityInfoAccessExtension } from '../../../../pki/extensions/authority-information-access.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a signer': linted('signing'), 'a CA below the root': linted('intermediate') },
  error: {
    'OCSP alone': linted('signing', {
      with: [authorityInfoAccessExtension({ ocsp: 'http://ca.example.test/ocsp/bronze' })],
    }),
    'no authorityInfoAccess': linted('signing', { without: [CE.authorityInfoAccess] }),
  },
  'not-applicable': { 'a root': linted('root') },
};
