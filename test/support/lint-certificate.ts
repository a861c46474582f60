import { generateKeyPairSync } from 'node:crypto';

import type { LintedCertificate } from '../../ca/lint/lint.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { encodeExtension } from '../../pki/extension.ts';
import type { Extension } from '../../pki/extension.ts';
import { admissionExtension } from '../../pki/extensions/admission.ts';
import { authorityInfoAccessExtension } from '../../pki/extensions/authority-information-access.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { certificatePoliciesExtension } from '../../pki/extensions/certificate-policies.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import {
  authorityKeyIdentifierExtension,
  subjectKeyIdentifierExtension,
} from '../../pki/extensions/key-identifiers.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { ocspNoCheckExtension } from '../../pki/extensions/ocsp-no-check.ts';
import { permanentIdentifierExtension } from '../../pki/extensions/subject-alternative-name.ts';
import { encodeName } from '../../pki/name.ts';
import { AT, KP } from '../../pki/oid.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';

// Certificates as lints see them: each part is an encoding, so that wrong ones can be tried. Lints look at no signature.

export type LintedPurpose =
  'root' | 'intermediate' | 'signing' | 'authentication' | 'officer' | 'ocsp-responder' | 'time-stamping';

export interface CertificateParts {
  /** The whole [0] field, or nothing. */
  version: Buffer;
  /** Contents octets. */
  serialNumber: Buffer;
  innerAlgorithm: Buffer;
  outerAlgorithm: Buffer;
  issuer: Buffer;
  notBefore: Buffer;
  notAfter: Buffer;
  subject: Buffer;
  subjectPublicKeyInfo: Buffer;
  /** Between key and extensions. */
  uniqueIdentifiers: Buffer;
  /** Encoded, in their order; made from `with` and `without` where it is not given. */
  extensionList: Buffer[];
}

export interface CertificateOverrides extends Partial<CertificateParts> {
  /** Each takes the place of the purpose's own extension of that type, or comes last. */
  with?: Extension[];
  /** OIDs of extensions to leave out. */
  without?: string[];
}

/** A minute after the notBefore of what this file makes. */
export const LINT_NOW = new Date('2026-06-15T12:00:00.400Z');
const NOT_BEFORE = new Date('2026-06-15T11:59:00Z');
const NOT_AFTER = new Date('2027-06-15T11:58:59Z');

const lintKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  type: 'spki',
  format: 'der',
});
const issuerKeyId = Buffer.alloc(20, 0xca);
const algorithm = signatureAlgorithmIdentifier('ecdsa-sha256');

const serviceName = (commonName: string) => [
  { type: AT.countryName, value: 'IR' },
  { type: AT.organizationName, value: 'Health CA' },
  { type: AT.commonName, value: commonName },
];

/** The subject of a synthetic physician. */
const PHYSICIAN = [
  { type: AT.countryName, value: 'IR' },
  { type: AT.organizationName, value: 'Unaffiliated' },
  { type: AT.surname, value: 'رضایی' },
  { type: AT.givenName, value: 'مینا' },
  { type: AT.serialNumber, value: '9990000001' },
  { type: AT.commonName, value: 'Mina Rezaei [Sign]' },
];

/** Name of the CA that issues the leaves. */
export const ISSUER_NAME = encodeName(serviceName('Health Intermediate Bronze CA'));
const rootName = encodeName(serviceName('Health Root CA'));

const distribution = [
  crlDistributionPointsExtension(['http://ca.example.test/crl/bronze/3.crl']),
  authorityInfoAccessExtension({
    ocsp: 'http://ca.example.test/ocsp/bronze',
    caIssuers: 'http://ca.example.test/ca/bronze.cer',
  }),
];
const policies = certificatePoliciesExtension([
  { policy: '2.16.364.101.1.1.1', cpsUri: 'https://ca.example.test/cps' },
  { policy: '2.999.364.1.1.1' },
]);
const council = permanentIdentifierExtension({
  identifierValue: 'physician-112233',
  assigner: '2.999.364.1.3.1',
});
const admission = admissionExtension(
  encodeName([{ type: AT.organizationName, value: 'سازمان نظام پزشکی' }]),
  {
    items: ['پزشک'],
    oids: ['2.999.364.1.4.1'],
    registrationNumber: '112233',
  },
);
const identifiers = [
  authorityKeyIdentifierExtension(issuerKeyId),
  subjectKeyIdentifierExtension(keyIdentifier(lintKey)),
];
const leaf = [...identifiers, basicConstraintsExtension({ ca: false })];

/** What the profiles of the same names issue. */
const PURPOSES: Record<LintedPurpose, { issuer?: Buffer; subject: Buffer; extensions: Extension[] }> = {
  root: {
    issuer: rootName,
    subject: rootName,
    extensions: [
      subjectKeyIdentifierExtension(issuerKeyId),
      keyUsageExtension(['keyCertSign', 'cRLSign']),
      basicConstraintsExtension({ ca: true }),
    ],
  },
  intermediate: {
    issuer: rootName,
    subject: ISSUER_NAME,
    extensions: [
      authorityKeyIdentifierExtension(issuerKeyId),
      subjectKeyIdentifierExtension(issuerKeyId),
      keyUsageExtension(['keyCertSign', 'cRLSign']),
      basicConstraintsExtension({ ca: true, pathLength: 0 }),
      certificatePoliciesExtension([{ policy: '2.16.364.101.1.1.1' }]),
      ...distribution,
    ],
  },
  signing: {
    subject: encodeName(PHYSICIAN),
    extensions: [
      ...leaf,
      keyUsageExtension(['nonRepudiation']),
      extendedKeyUsageExtension([KP.documentSigning]),
      policies,
      council,
      admission,
      ...distribution,
    ],
  },
  authentication: {
    subject: encodeName(PHYSICIAN),
    extensions: [
      ...leaf,
      keyUsageExtension(['digitalSignature']),
      extendedKeyUsageExtension([KP.clientAuth]),
      policies,
      council,
      ...distribution,
    ],
  },
  officer: {
    subject: encodeName([
      ...serviceName('Sara Ahmadi'),
      { type: AT.organizationalUnitName, value: 'Tehran' },
    ]),
    extensions: [
      ...leaf,
      keyUsageExtension(['digitalSignature']),
      extendedKeyUsageExtension([KP.clientAuth]),
      policies,
      ...distribution,
    ],
  },
  'ocsp-responder': {
    subject: encodeName(serviceName('Bronze OCSP')),
    extensions: [
      ...leaf,
      keyUsageExtension(['digitalSignature']),
      extendedKeyUsageExtension([KP.ocspSigning]),
      ocspNoCheckExtension(),
      authorityInfoAccessExtension({ caIssuers: 'http://ca.example.test/ca/bronze.cer' }),
    ],
  },
  'time-stamping': {
    subject: encodeName(serviceName('Time Stamping Unit')),
    extensions: [
      ...leaf,
      keyUsageExtension(['digitalSignature']),
      extendedKeyUsageExtension([KP.timeStamping], true),
      ...distribution,
    ],
  },
};

/** The physician's name with attributes replaced, added, or, by undefined, left out. */
export function physician(changes: Record<string, string | undefined>): Buffer {
  const kept = PHYSICIAN.filter(({ type }) => !(type in changes));
  const changed = Object.entries(changes).flatMap(([type, value]) =>
    value === undefined ? [] : [{ type, value }],
  );
  return encodeName([...kept, ...changed]);
}

/** A name of attributes whose values are encoded already, of whatever string type. */
export function nameOfEncoded(...attributes: readonly (readonly [type: string, value: Buffer])[]): Buffer {
  return asn1.sequence(
    ...attributes.map(([type, value]) => asn1.setOf(asn1.sequence(asn1.oid(type), value))),
  );
}

/** DER of a certificate of this purpose with some parts of it replaced. */
export function lintCertificateBytes(purpose: LintedPurpose, overrides: CertificateOverrides = {}): Buffer {
  const { issuer = ISSUER_NAME, subject, extensions } = PURPOSES[purpose];
  const parts: CertificateParts = {
    version: asn1.explicit(0, asn1.integer(2)),
    serialNumber: Buffer.from('40112233445566778899aabbccddeeff', 'hex'),
    innerAlgorithm: algorithm,
    outerAlgorithm: overrides.innerAlgorithm ?? algorithm,
    issuer,
    notBefore: asn1.time(NOT_BEFORE),
    notAfter: asn1.time(NOT_AFTER),
    subject,
    subjectPublicKeyInfo: lintKey,
    uniqueIdentifiers: Buffer.alloc(0),
    extensionList: override(extensions, overrides).map(encodeExtension),
    ...overrides,
  };
  return assemble(parts);
}

/** The certificate, read. */
export function lintCertificate(purpose: LintedPurpose, overrides: CertificateOverrides = {}): Certificate {
  return parseCertificate(lintCertificateBytes(purpose, overrides));
}

/** What a rule is given: the certificate, and only those other facts that the test is about. */
export function linted(
  purpose: LintedPurpose,
  overrides: CertificateOverrides = {},
  facts: Omit<LintedCertificate, 'certificate'> = {},
): LintedCertificate {
  return { certificate: lintCertificate(purpose, overrides), ...facts };
}

/** Bytes that the strict parser refuses: a good certificate that stands for them in all but its bytes. */
export function lintedBytes(purpose: LintedPurpose, overrides: CertificateOverrides): LintedCertificate {
  return { certificate: { ...lintCertificate(purpose), bytes: lintCertificateBytes(purpose, overrides) } };
}

function override(
  extensions: Extension[],
  { with: replacements = [], without = [] }: CertificateOverrides,
): Extension[] {
  const list = extensions
    .filter(({ oid }) => !without.includes(oid))
    .map((extension) => replacements.find(({ oid }) => oid === extension.oid) ?? extension);
  return [...list, ...replacements.filter((replacement) => !list.includes(replacement))];
}

function assemble(parts: CertificateParts): Buffer {
  const { extensionList } = parts;
  const tbs = asn1.sequence(
    parts.version,
    asn1.element(0x02, parts.serialNumber),
    parts.innerAlgorithm,
    parts.issuer,
    asn1.sequence(parts.notBefore, parts.notAfter),
    parts.subject,
    parts.subjectPublicKeyInfo,
    parts.uniqueIdentifiers,
    extensionList.length > 0 ? asn1.explicit(3, asn1.sequence(...extensionList)) : Buffer.alloc(0),
  );
  return asn1.sequence(tbs, parts.outerAlgorithm, asn1.bitString(Buffer.alloc(70, 0x30)));
}
