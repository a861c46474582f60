import * as asn1 from '../../../../pki/der/encode.ts';
import { TAG } from '../../../../pki/der/tag.ts';
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

const cps = (uri: Buffer) => asn1.sequence(asn1.oid(PKIX.cps), uri);

export const cases: CertificateCases = {
  pass: {
    https: linted('signing'),
    http: linted('signing', policyWith(cps(asn1.ia5String('http://ca.example.test/cps')))),
  },
  error: {
    ldap: linted('signing', policyWith(cps(asn1.ia5String('ldap://ca.example.test/cps')))),
    'no scheme': linted('signing', policyWith(cps(asn1.ia5String('ca.example.test/cps')))),
    'a space': linted('signing', policyWith(cps(asn1.ia5String('https://ca.example.test/the cps')))),
    'Persian letters': linted(
      'signing',
      policyWith(cps(asn1.element(TAG.ia5String, Buffer.from('https://سلامت.test/')))),
    ),
    UTF8String: linted('signing', policyWith(cps(asn1.utf8String('https://ca.example.test/cps')))),
  },
  'not-applicable': { 'a policy without a pointer': linted('intermediate') },
};
