import * as asn1 from '../../../../pki/der/encode.ts';
import { ALG } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const e = Buffer.from([1, 0, 1]);

const rsa = (modulus: Buffer, exponent: Buffer) => ({
  subjectPublicKeyInfo: asn1.sequence(
    asn1.sequence(asn1.oid(ALG.rsaEncryption), asn1.NULL),
    asn1.bitString(asn1.sequence(asn1.integer(modulus), asn1.integer(exponent))),
  ),
});

export const cases: CertificateCases = {
  pass: {
    '2048 bits': linted('signing', rsa(Buffer.alloc(256, 0x81), e)),
    '4096 bits': linted('signing', rsa(Buffer.alloc(512, 0x81), e)),
  },
  error: {
    '2047 bits': linted('signing', rsa(Buffer.alloc(256, 0x7f), e)),
    '1024 bits': linted('signing', rsa(Buffer.alloc(128, 0x81), e)),
    '4097 bits': linted('signing', rsa(Buffer.concat([Buffer.from([1]), Buffer.alloc(512, 0x81)]), e)),
    zero: linted('signing', rsa(Buffer.from([0]), e)),
  },
  'not-applicable': { 'an EC key': linted('signing') },
};
