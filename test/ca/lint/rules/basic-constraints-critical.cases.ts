import { basicConstraintsExtension } from '../../../../pki/extensions/basic-constraints.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'critical ones': linted('intermediate') },
  error: {
    'a CA whose are not': linted('intermediate', {
      with: [{ ...basicConstraintsExtension({ ca: true }), critical: false }],
    }),
  },
  'not-applicable': {
    'a leaf': linted('signing', { with: [{ ...basicConstraintsExtension({ ca: false }), critical: false }] }),
  },
};
