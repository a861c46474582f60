import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { syntheticNationalId } from '../../core/national-id.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import type { Signer } from '../../keys/signer.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';

/** The synthetic doctor of the demo; the national id has the unallocated prefix 999. */
export const DOCTOR = {
  nationalId: syntheticNationalId(1405) as string,
  givenName: 'شیرین',
  surname: 'آزمایشی‌پور',
  latinName: 'Shirin Azmayeshipour',
  councilNumber: { group: 'physician', digits: '140509' },
};

/** The doctor's phone: makes a key that never leaves it, but for the file that the sceptic gets in the end. */
export class DoctorsPhone {
  readonly privateKeyPem: string;
  readonly signer: Signer;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    this.privateKeyPem = privateKey;
    this.signer = signerOf(createPrivateKey(privateKey), publicKey);
  }

  /** PKCS#10, PEM. What it says of the subject does not matter: the application does. */
  async certificationRequest(): Promise<string> {
    const subject = [{ type: AT.commonName, value: 'key of a phone' }];
    return encodePem('CERTIFICATE REQUEST', await makeCertificationRequest(this.signer, subject));
  }
}

function signerOf(key: KeyObject, subjectPublicKeyInfo: Buffer): Signer {
  return {
    label: 'phone',
    algorithm: 'ecdsa-sha256',
    subjectPublicKeyInfo,
    sign: (message) => Promise.resolve(sign('sha256', message, key)),
  };
}
