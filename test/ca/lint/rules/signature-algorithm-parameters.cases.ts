import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../../../pki/signature-algorithm.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'ECDSA without parameters': linted('signing'),
    'RSA with NULL': linted('signing', { innerAlgorithm: signatureAlgorithmIdentifier('rsa-sha256') }),
    'RSASSA-PSS with a salt of the digest length': linted('signing', {
      innerAlgorithm: signatureAlgorithmIdentifier('rsa-pss-sha384'),
    }),
  },
  error: {
    'RSA without parameters': linted('signing', {
      innerAlgorithm: asn1.sequence(asn1.oid(ALG.sha256WithRsa)),
    }),
    'ECDSA with NULL': linted('signing', {
      innerAlgorithm: asn1.sequence(asn1.oid(ALG.ecdsaWithSha256), asn1.NULL),
    }),
    'Ed25519 with NULL': linted('signing', {
      innerAlgorithm: asn1.sequence(asn1.oid(ALG.ed25519), asn1.NULL),
    }),
  },
  'not-applicable': {
    'an algorithm that is too weak anyway': linted('signing', {
      innerAlgorithm: asn1.sequence(asn1.oid(ALG.sha1WithRsa)),
    }),
  },
};
