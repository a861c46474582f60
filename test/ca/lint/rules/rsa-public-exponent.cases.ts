import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const n = Buffer.alloc(256, 0x81);

const rsa = (modulus: Buffer, exponent: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(
    asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL),
    asn1.bitString(asn1.sequence(asn1.integer(modulus), asn1.integer(exponent))),
  ),
});

export const cases: CertificateCases = {
  pass: {
    '65537': linted('signing', rsa(n, Buffer.from([1, 0, 1]))),
    'the largest of 256 bits': linted('signing', rsa(n, Buffer.alloc(32, 0xff))),
  },
  error: {
    '3': linted('signing', rsa(n, Buffer.from([3]))),
    '65535': linted('signing', rsa(n, Buffer.from([0xff, 0xff]))),
    '65536': linted('signing', rsa(n, Buffer.from([1, 0, 0]))),
    '257 bits': linted('signing', rsa(n, Buffer.concat([Buffer.from([1]), Buffer.alloc(32, 0xff)]))),
  },
  'not-applicable': { 'an EC key': linted('signing') },
};
