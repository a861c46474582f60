import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../../../pki/signature-algorithm.ts';
import type { CrlCases } from '../../../support/lint-cases.ts';
import { lintedCrl } from '../../../support/lint-crl.ts';

export const cases: CrlCases = {
  pass: {
    'ECDSA with SHA-256': lintedCrl(),
    'RSA with SHA-384': lintedCrl({ signatureAlgorithm: signatureAlgorithmIdentifier('rsa-sha384') }),
    'RSA with SHA-256 whose parameters are missing': lintedCrl({
      signatureAlgorithm: asn1.sequence(asn1.oid(ALG.sha256WithRsa)),
    }),
  },
  error: {
    'RSA with SHA-1': lintedCrl({ signatureAlgorithm: asn1.sequence(asn1.oid(ALG.sha1WithRsa), asn1.NULL) }),
  },
  appliesToAll: true,
};
