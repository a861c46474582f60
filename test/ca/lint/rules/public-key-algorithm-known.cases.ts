import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const key = (algorithm: Buffer, bits: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(algorithm, asn1.bitString(bits)),
});

export const cases: CertificateCases = {
  pass: {
    'P-256': linted('signing'),
    RSA: linted('signing', key(asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL), Buffer.alloc(8))),
    'ML-DSA-65': linted('signing', key(asn1.sequence(asn1.oid(ALG.mlDsa65)), Buffer.alloc(8))),
  },
  error: {
    DSA: linted('signing', key(asn1.sequence(asn1.oid('1.2.840.10040.4.1')), Buffer.alloc(8))),
    X25519: linted('signing', key(asn1.sequence(asn1.oid('1.3.101.110')), Buffer.alloc(32))),
  },
  appliesToAll: true,
};
