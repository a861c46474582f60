import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const key = (algorithm: Buffer, bits: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(algorithm, asn1.bitString(bits)),
});

export const cases: CertificateCases = {
  pass: {
    'Ed25519 without parameters': linted(
      'signing',
      key(asn1.sequence(asn1.oid(ALG.ed25519)), Buffer.alloc(32)),
    ),
    'ML-DSA-65 without parameters': linted(
      'signing',
      key(asn1.sequence(asn1.oid(ALG.mlDsa65)), Buffer.alloc(32)),
    ),
  },
  error: {
    'Ed25519 with NULL': linted(
      'signing',
      key(asn1.sequence(asn1.oid(ALG.ed25519), asn1.NULL), Buffer.alloc(32)),
    ),
  },
  'not-applicable': { 'an EC key': linted('signing') },
};
