import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: { 'ECDSA without parameters': lintedCrl() },
  error: {
    'RSA without parameters': lintedCrl({ signatureAlgorithm: asn1.sequence(asn1.oid(ALG.sha256WithRsa)) }),
    'ECDSA with NULL': lintedCrl({
      signatureAlgorithm: asn1.sequence(asn1.oid(ALG.ecdsaWithSha256), asn1.NULL),
    }),
  },
  'not-applicable': {
    'an algorithm that is too weak anyway': lintedCrl({
      signatureAlgorithm: asn1.sequence(asn1.oid(ALG.sha1WithRsa)),
    }),
  },
};
