import * as asn1 from '../../../../pki/der/encode.ts';
import { keyUsageExtension } from '../../../../pki/extensions/key-usage.ts';
import { ALG, CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const key = (oid: string) => ({
  subjectPublicKeyInfo: asn1.sequence(asn1.sequence(asn1.oid(oid)), asn1.bitString(Buffer.alloc(8))),
});

export const cases: CertificateCases = {
  pass: {
    'an EC key that signs': linted('signing'),
    'an EC key that agrees': linted('officer', { with: [keyUsageExtension(['keyAgreement'])] }),
    'an RSA key that encrypts': linted('officer', {
      ...key(ALG.rsaEncryption),
      with: [keyUsageExtension(['keyEncipherment'])],
    }),
    'an Ed25519 key that signs': linted('signing', key(ALG.ed25519)),
  },
  error: {
    'an EC key that encrypts keys': linted('officer', {
      with: [keyUsageExtension(['digitalSignature', 'keyEncipherment'])],
    }),
    'an EC key that encrypts data': linted('officer', { with: [keyUsageExtension(['dataEncipherment'])] }),
    'an RSA key that agrees': linted('officer', {
      ...key(ALG.rsaEncryption),
      with: [keyUsageExtension(['keyAgreement'])],
    }),
    'an Ed25519 key that agrees': linted('officer', {
      ...key(ALG.ed25519),
      with: [keyUsageExtension(['keyAgreement'])],
    }),
    'an ML-DSA key that encrypts': linted('officer', {
      ...key(ALG.mlDsa65),
      with: [keyUsageExtension(['keyEncipherment'])],
    }),
  },
  'not-applicable': {
    'a certificate without key usage': linted('signing', { without: [CE.keyUsage] }),
    'a key of an unknown kind': linted('signing', key('2.999.9')),
  },
};
