import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../../../pki/signature-algorithm.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, lintedBytes } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'one algorithm inside and outside': linted('signing') },
  error: {
    'another digest outside': lintedBytes('signing', {
      outerAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha384'),
    }),
    'NULL parameters only outside': lintedBytes('signing', {
      innerAlgorithm: asn1.sequence(asn1.oid(ALG.sha256WithRsa)),
      outerAlgorithm: signatureAlgorithmIdentifier('rsa-sha256'),
    }),
  },
  appliesToAll: true,
};
