import { permanentIdentifierExtension } from '../../../../pki/extensions/subject-alternative-name.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const identified = (identifierValue: string, assigner = '2.999.364.1.3.1') => ({
  with: [permanentIdentifierExtension({ identifierValue, assigner })],
});

export const cases: CertificateCases = {
  pass: {
    'group and digits': linted('signing'),
    'a group with a hyphen': linted('authentication', identified('laboratory-scientist-42')),
  },
  error: {
    'an unknown group': linted('signing', identified('surgeon-112233')),
    'no group': linted('signing', identified('112233')),
    'no digits': linted('signing', identified('physician-')),
    letters: linted('signing', identified('physician-12a')),
    'a leading zero': linted('signing', identified('physician-0112233')),
  },
  'not-applicable': {
    'a certificate without it': linted('officer'),
    'an identifier of another assigner': linted('signing', identified('x', '2.999.5')),
  },
};
