import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../../../pki/signature-algorithm.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'ECDSA with SHA-256': linted('signing'),
    'RSA with SHA-512': linted('signing', { innerAlgorithm: signatureAlgorithmIdentifier('rsa-sha512') }),
    'RSASSA-PSS with SHA-256': linted('signing', {
      innerAlgorithm: signatureAlgorithmIdentifier('rsa-pss-sha256'),
    }),
    Ed25519: linted('signing', { innerAlgorithm: signatureAlgorithmIdentifier('ed25519') }),
  },
  error: {
    'RSA with SHA-1': linted('signing', {
      innerAlgorithm: asn1.sequence(asn1.oid(ALG.sha1WithRsa), asn1.NULL),
    }),
    'ECDSA with SHA-1': linted('signing', { innerAlgorithm: asn1.sequence(asn1.oid(ALG.ecdsaWithSha1)) }),
    'RSASSA-PSS with its defaults, which are SHA-1': linted('signing', {
      innerAlgorithm: asn1.sequence(asn1.oid(ALG.rsassaPss), asn1.sequence()),
    }),
  },
  appliesToAll: true,
};
