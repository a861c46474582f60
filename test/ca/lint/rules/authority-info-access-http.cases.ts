import * as asn1 from '../../../../pki/der/encode.ts';
import { encodeDirectoryName, encodeUri } from '../../../../pki/extensions/general-name.ts';
import { CE, PKIX } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { ISSUER_NAME, linted } from '../../../support/lint-certificate.ts';

const access = (...descriptions: Buffer[]) => ({
  with: [{ oid: CE.authorityInfoAccess, critical: false, value: asn1.sequence(...descriptions) }],
});
const described = (method: string, location: Buffer) => asn1.sequence(asn1.oid(method), location);

export const cases: CertificateCases = {
  pass: { 'http for both': linted('signing') },
  error: {
    'https for OCSP': linted(
      'signing',
      access(described(PKIX.ocsp, encodeUri('https://ca.example.test/ocsp'))),
    ),
    'ldap for caIssuers': linted(
      'signing',
      access(described(PKIX.caIssuers, encodeUri('ldap://ca.example.test/'))),
    ),
    'a directory name': linted(
      'signing',
      access(described(PKIX.caIssuers, encodeDirectoryName(ISSUER_NAME))),
    ),
    'another method': linted('signing', access(described('2.999.3', encodeUri('http://ca.example.test/')))),
    'an empty list': linted('signing', access()),
  },
  'not-applicable': { 'a root': linted('root') },
};
