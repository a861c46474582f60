import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const key = (algorithm: Buffer, bits: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(algorithm, asn1.bitString(bits)),
});

export const cases: CertificateCases = {
  pass: { 'a named curve': linted('signing') },
  error: {
    NULL: linted('signing', key(asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.NULL), Buffer.alloc(65, 4))),
    'a curve that is spelled out': linted(
      'signing',
      key(asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.sequence(asn1.integer(1))), Buffer.alloc(65, 4)),
    ),
    nothing: linted('signing', key(asn1.sequence(asn1.oid(ALG.ecPublicKey)), Buffer.alloc(65, 4))),
  },
  'not-applicable': {
    'an Ed25519 key': linted('signing', key(asn1.sequence(asn1.oid(ALG.ed25519)), Buffer.alloc(32))),
  },
};
