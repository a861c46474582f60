import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const key = (algorithm: Buffer, bits: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(algorithm, asn1.bitString(bits)),
});

const curve = (oid: string) => asn1.sequence(asn1.oid(ALG.ecPublicKey), asn1.oid(oid));

export const cases: CertificateCases = {
  pass: {
    'P-256': linted('signing'),
    'P-384': linted('signing', key(curve(ALG.secp384r1), Buffer.alloc(97, 4))),
    brainpoolP256r1: linted('signing', key(curve(ALG.brainpoolP256r1), Buffer.alloc(65, 4))),
  },
  error: {
    secp256k1: linted('signing', key(curve('1.3.132.0.10'), Buffer.alloc(65, 4))),
    'P-224': linted('signing', key(curve('1.3.132.0.33'), Buffer.alloc(57, 4))),
    'no curve': linted('signing', key(asn1.sequence(asn1.oid(ALG.ecPublicKey)), Buffer.alloc(65, 4))),
  },
  'not-applicable': {
    'an Ed25519 key': linted('signing', key(asn1.sequence(asn1.oid(ALG.ed25519)), Buffer.alloc(32))),
  },
};
