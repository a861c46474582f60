import * as asn1 from '../../../../pki/der/encode.ts';
import { encodeDirectoryName, encodeUri } from '../../../../pki/extensions/general-name.ts';
import { encodeName } from '../../../../pki/name.ts';
import { AT, CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const points = (...list: Buffer[]) => ({
  with: [{ oid: CE.cRLDistributionPoints, critical: false, value: asn1.sequence(...list) }],
});
const named = (...names: Buffer[]) => asn1.explicit(0, asn1.implicit(0, asn1.sequence(...names)));
const crl = encodeUri('http://ca.example.test/crl/bronze/3.crl');

const issuer = asn1.implicit(
  2,
  asn1.sequence(encodeDirectoryName(encodeName([{ type: AT.commonName, value: 'Other CA' }]))),
);

export const cases: CertificateCases = {
  pass: { 'a name alone': linted('signing') },
  error: {
    'a foreign cRLIssuer': linted('signing', points(asn1.sequence(named(crl), issuer))),
    'some reasons': linted(
      'signing',
      points(asn1.sequence(named(crl), asn1.implicit(1, asn1.namedBits([1])))),
    ),
  },
  'not-applicable': { 'a certificate without a point': linted('ocsp-responder') },
};
