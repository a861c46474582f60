import * as asn1 from '../../../../pki/der/encode.ts';
import { issuingDistributionPointExtension } from '../../../../pki/extensions/issuing-distribution-point.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

const point = (...fields: Buffer[]) => ({
  oid: CE.issuingDistributionPoint,
  critical: true,
  value: asn1.sequence(...fields),
});

export const cases: CrlCases = {
  pass: {
    'an http address': lintedCrl({
      with: [issuingDistributionPointExtension(['http://ca.example.test/crl/bronze/3.crl'])],
    }),
    'certificates of users': lintedCrl({ with: [point(asn1.implicit(1, asn1.boolean(true)))] }),
  },
  error: {
    'an https address': lintedCrl({
      with: [issuingDistributionPointExtension(['https://ca.example.test/crl/bronze/3.crl'])],
    }),
    'other issuers': lintedCrl({ with: [point(asn1.implicit(4, asn1.boolean(true)))] }),
    'attribute certificates': lintedCrl({ with: [point(asn1.implicit(5, asn1.boolean(true)))] }),
    'some reasons': lintedCrl({ with: [point(asn1.implicit(3, asn1.namedBits([1])))] }),
    'nothing at all': lintedCrl({ with: [point()] }),
  },
  'not-applicable': { 'a CRL for all certificates': lintedCrl() },
};
