import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const key = (algorithm: Buffer, bits: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(algorithm, asn1.bitString(bits)),
});

export const cases: CertificateCases = {
  pass: {
    NULL: linted('signing', key(asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL), Buffer.alloc(8))),
  },
  error: {
    nothing: linted('signing', key(asn1.sequence(asn1.oid(ALG.rsaEncryption)), Buffer.alloc(8))),
    'something else': linted(
      'signing',
      key(asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.sequence()), Buffer.alloc(8)),
    ),
  },
  'not-applicable': { 'an EC key': linted('signing') },
};
