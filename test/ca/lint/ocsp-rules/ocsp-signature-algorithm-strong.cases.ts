import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../../../pki/signature-algorithm.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, TRY_LATER } from '../../../support/lint-ocsp.ts';

export const cases: OcspCases = {
  pass: {
    'ECDSA with SHA-256': lintedOcsp(),
    'RSA with SHA-256': lintedOcsp({ signatureAlgorithm: signatureAlgorithmIdentifier('rsa-sha256') }),
    'RSA with SHA-256 whose parameters are missing': lintedOcsp({
      signatureAlgorithm: asn1.sequence(asn1.oid(ALG.sha256WithRsa)),
    }),
  },
  error: {
    'RSA with SHA-1': lintedOcsp({ signatureAlgorithm: asn1.sequence(asn1.oid(ALG.sha1WithRsa), asn1.NULL) }),
  },
  'not-applicable': { 'a response without an answer': TRY_LATER },
};
