import * as asn1 from '../../../../pki/der/encode.ts';
import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const attribute = (type: string) => asn1.sequence(asn1.oid(type), asn1.utf8String('x'));

export const cases: CertificateCases = {
  pass: { 'one attribute in each relative name': linted('signing') },
  error: {
    'two attributes in a relative name': linted('officer', {
      subject: asn1.sequence(asn1.setOf(attribute(AT.commonName), attribute(AT.organizationName))),
    }),
  },
  'not-applicable': { 'an empty subject': linted('signing', { subject: asn1.sequence() }) },
};
