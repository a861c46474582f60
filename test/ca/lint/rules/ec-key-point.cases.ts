import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const key = (algorithm: Buffer, bits: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(algorithm, asn1.bitString(bits)),
});

const p256 = asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.oid(ALG.prime256v1));

export const cases: CertificateCases = {
  pass: { 'an uncompressed point': linted('signing') },
  error: {
    'a compressed point': linted('signing', key(p256, Buffer.alloc(33, 2))),
    'a hybrid point': linted('signing', key(p256, Buffer.alloc(65, 6))),
    'half a point': linted('signing', key(p256, Buffer.alloc(64, 4))),
  },
  'not-applicable': {
    'an Ed25519 key': linted('signing', key(asn1.sequence(asn1.oid(ALG.ed25519)), Buffer.alloc(32))),
  },
};
