import * as asn1 from '../../../../pki/der/encode.ts';
import { contextPrimitive } from '../../../../pki/der/tag.ts';
import { encodeDirectoryName, encodeUri } from '../../../../pki/extensions/general-name.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { ISSUER_NAME, linted } from '../../../support/lint-certificate.ts';

const points = (...list: Buffer[]) => ({
  with: [{ oid: CE.cRLDistributionPoints, critical: false, value: asn1.sequence(...list) }],
});
const named = (...names: Buffer[]) => asn1.explicit(0, asn1.implicit(0, asn1.sequence(...names)));
const crl = encodeUri('http://ca.example.test/crl/bronze/3.crl');

export const cases: CertificateCases = {
  pass: { http: linted('signing') },
  error: {
    https: linted('signing', points(asn1.sequence(named(encodeUri('https://ca.example.test/bronze.crl'))))),
    'ldap beside http': linted(
      'signing',
      points(asn1.sequence(named(crl, encodeUri('ldap://ca.example.test/cn=bronze')))),
    ),
    'a directory name': linted('signing', points(asn1.sequence(named(encodeDirectoryName(ISSUER_NAME))))),
    'a space': linted(
      'signing',
      points(asn1.sequence(named(asn1.element(contextPrimitive(6), Buffer.from('http://a.test/b c'))))),
    ),
  },
  'not-applicable': { 'a certificate without a point': linted('ocsp-responder') },
};
