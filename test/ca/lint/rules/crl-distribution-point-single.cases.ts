import * as asn1 from '../../../../pki/der/encode.ts';
import { encodeUri } from '../../../../pki/extensions/general-name.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const points = (...list: Buffer[]) => ({
  with: [{ oid: CE.cRLDistributionPoints, critical: false, value: asn1.sequence(...list) }],
});
const named = (...names: Buffer[]) => asn1.explicit(0, asn1.implicit(0, asn1.sequence(...names)));
const crl = encodeUri('http://ca.example.test/crl/bronze/3.crl');

export const cases: CertificateCases = {
  pass: {
    'one point': linted('signing'),
    'two addresses of one point': linted('signing', points(asn1.sequence(named(crl, crl)))),
  },
  error: {
    'two points': linted('signing', points(asn1.sequence(named(crl)), asn1.sequence(named(crl)))),
    'no point': linted('signing', points()),
    'a point without a name': linted('signing', points(asn1.sequence())),
  },
  'not-applicable': { 'a certificate without a point': linted('ocsp-responder') },
};
