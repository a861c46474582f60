import { basicConstraintsExtension } from '../../../../pki/extensions/basic-constraints.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { lintCertificate, linted } from '../../../support/lint-certificate.ts';

const authority = (pathLength: number) =>
  lintCertificate('root', { with: [basicConstraintsExtension({ ca: true, pathLength })] });

export const cases: CertificateCases = {
  pass: { 'a shorter path': linted('intermediate', {}, { issuer: authority(1) }) },
  error: {
    'a CA below one that may have none': linted('intermediate', {}, { issuer: authority(0) }),
    'a path as long': linted(
      'intermediate',
      { with: [basicConstraintsExtension({ ca: true, pathLength: 1 })] },
      { issuer: authority(1) },
    ),
    'no limit below one that has one': linted(
      'intermediate',
      { with: [basicConstraintsExtension({ ca: true })] },
      { issuer: authority(3) },
    ),
  },
  'not-applicable': {
    'a leaf': linted('signing', {}, { issuer: authority(0) }),
    'a CA below one without a limit': linted('intermediate', {}, { issuer: lintCertificate('root') }),
    'a CA whose issuer is not at hand': linted('intermediate'),
  },
};
