import { basicConstraintsExtension } from '../../../../pki/extensions/basic-constraints.ts';
import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a CA with a path length': linted('intermediate') },
  error: {
    'a leaf with a path length': linted('signing', {
      with: [basicConstraintsExtension({ ca: false, pathLength: 0 })],
    }),
    'a CA that signs no certificates': linted('intermediate', { with: [keyUsageExtension(['cRLSign'])] }),
  },
  'not-applicable': { 'a CA without a path length': linted('root'), 'a leaf without one': linted('signing') },
};
