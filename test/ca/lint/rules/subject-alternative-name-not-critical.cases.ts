import * as asn1 from '../../../../pki/der/encode.ts';
import { permanentIdentifierExtension } from '../../../../pki/extensions/subject-alternative-name.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const critical = { ...permanentIdentifierExtension({ identifierValue: 'physician-112233' }), critical: true };

export const cases: CertificateCases = {
  pass: { 'alternatives as they should be': linted('signing') },
  error: { 'critical ones beside a name': linted('signing', { with: [critical] }) },
  'not-applicable': {
    'a certificate without alternatives': linted('officer'),
    'critical ones instead of a name': linted('signing', { with: [critical], subject: asn1.sequence() }),
  },
};
