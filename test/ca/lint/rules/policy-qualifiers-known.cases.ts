import * as asn1 from '../../../../pki/der/encode.ts';
import { CE, PKIX } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const policyWith = (...qualifiers: Buffer[]) => ({
  with: [
    {
      oid: CE.certificatePolicies,
      critical: false,
      value: asn1.sequence(asn1.sequence(asn1.oid('2.999.1'), asn1.sequence(...qualifiers))),
    },
  ],
});

export const cases: CertificateCases = {
  pass: {
    'a CPS pointer': linted('signing'),
    'a user notice': linted('signing', policyWith(asn1.sequence(asn1.oid(PKIX.userNotice), asn1.sequence()))),
  },
  error: {
    'a qualifier of our own': linted('signing', policyWith(asn1.sequence(asn1.oid('2.999.2'), asn1.NULL))),
  },
  'not-applicable': { 'a policy without qualifiers': linted('intermediate') },
};
