import { randomBytes } from 'node:crypto';

import type { Signer } from '../../keys/signer.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Extension } from '../../pki/extension.ts';
import { admissionExtension } from '../../pki/extensions/admission.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import {
  authorityKeyIdentifierExtension,
  subjectKeyIdentifierExtension,
} from '../../pki/extensions/key-identifiers.ts';
import { certificatePoliciesExtension } from '../../pki/extensions/certificate-policies.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { encodeName } from '../../pki/name.ts';
import type { NameTemplate } from '../../pki/name.ts';
import { AT, KP } from '../../pki/oid.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { encodeSigned, encodeTbsCertificate } from '../../pki/tbs-certificate.ts';

export interface CertificateTemplate {
  subject: NameTemplate;
  /** Key of the subject. */
  subjectPublicKeyInfo: Buffer;
  notBefore: Date;
  notAfter: Date;
  serialNumber: Uint8Array;
  extensions: readonly Extension[];
}

/** Signs a certificate as its template says, sensible or not; without an issuer it is self-signed. */
export async function fixtureCertificate(
  template: CertificateTemplate,
  issuer: { certificate?: Certificate; signer: Signer },
): Promise<Certificate> {
  const signatureAlgorithm = signatureAlgorithmIdentifier(issuer.signer.algorithm);
  const subject = encodeName(template.subject);
  const tbs = encodeTbsCertificate({
    ...template,
    subject,
    signatureAlgorithm,
    issuer: issuer.certificate?.subject.bytes ?? subject,
    extensions: [
      ...template.extensions,
      subjectKeyIdentifierExtension(keyIdentifier(template.subjectPublicKeyInfo)),
      authorityKeyIdentifierExtension(keyIdentifier(issuer.signer.subjectPublicKeyInfo)),
    ],
  });
  return parseCertificate(encodeSigned(tbs, signatureAlgorithm, await issuer.signer.sign(tbs)));
}

/** 2026: every fixture certificate is valid throughout. */
export const FIXTURE_NOT_BEFORE = new Date('2026-01-01T00:00:00Z');
export const FIXTURE_NOT_AFTER = new Date('2026-12-31T23:59:59Z');

/** A CA's template; override what the test is about. */
export function authorityTemplate(
  commonName: string,
  signer: Signer,
  pathLength?: number,
): CertificateTemplate {
  return {
    subject: [
      { type: AT.countryName, value: 'IR' },
      { type: AT.commonName, value: commonName },
    ],
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    notBefore: FIXTURE_NOT_BEFORE,
    notAfter: FIXTURE_NOT_AFTER,
    serialNumber: positiveSerial(),
    extensions: [
      basicConstraintsExtension({ ca: true, ...(pathLength !== undefined && { pathLength }) }),
      keyUsageExtension(['keyCertSign', 'cRLSign']),
    ],
  };
}

/** A synthetic physician's template; override what the test is about. */
export function physicianTemplate(subjectPublicKeyInfo: Buffer): CertificateTemplate {
  return {
    subject: [
      { type: AT.countryName, value: 'IR' },
      { type: AT.surname, value: 'رضایی' },
      { type: AT.givenName, value: 'مینا' },
      { type: AT.serialNumber, value: '9990000001' },
      { type: AT.commonName, value: 'Mina Rezaei [Mobile Sign]' },
    ],
    subjectPublicKeyInfo,
    notBefore: FIXTURE_NOT_BEFORE,
    notAfter: FIXTURE_NOT_AFTER,
    serialNumber: positiveSerial(),
    extensions: [
      basicConstraintsExtension({ ca: false }),
      keyUsageExtension(['nonRepudiation']),
      extendedKeyUsageExtension([KP.documentSigning]),
      certificatePoliciesExtension([{ policy: '2.16.364.101.1.1.1' }]),
      admissionExtension(encodeName([{ type: AT.organizationName, value: 'سازمان نظام پزشکی' }]), {
        items: ['پزشک'],
        oids: ['2.999.364.1.4.1'],
        registrationNumber: '112233',
      }),
    ],
  };
}

function positiveSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = (serial[0] & 0x7f) | 0x40;
  return serial;
}
