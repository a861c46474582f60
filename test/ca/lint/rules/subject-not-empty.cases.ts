import * as asn1 from '../../../../pki/der/encode.ts';
import { permanentIdentifierExtension } from '../../../../pki/extensions/subject-alternative-name.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const alternative = permanentIdentifierExtension({ identifierValue: 'physician-112233' });

export const cases: CertificateCases = {
  pass: {
    'a named subject': linted('signing'),
    'a critical subjectAltName instead': linted('signing', {
      subject: asn1.sequence(),
      with: [{ ...alternative, critical: true }],
    }),
  },
  error: {
    'no name at all': linted('officer', { subject: asn1.sequence() }),
    'a subjectAltName that is not critical instead': linted('signing', {
      subject: asn1.sequence(),
      with: [alternative],
    }),
    'a CA with a subjectAltName instead': linted('intermediate', {
      subject: asn1.sequence(),
      with: [{ ...alternative, critical: true }],
    }),
  },
  appliesToAll: true,
};
