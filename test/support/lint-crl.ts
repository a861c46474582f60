import type { LintedCrl } from '../../ca/lint/linted-crl.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { encodeExtension } from '../../pki/extension.ts';
import type { Extension } from '../../pki/extension.ts';
import { crlNumberExtension } from '../../pki/extensions/crl-number.ts';
import { authorityKeyIdentifierExtension } from '../../pki/extensions/key-identifiers.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { ISSUER_NAME } from './lint-certificate.ts';

// CRLs as lints see them: each part is an encoding, so that wrong ones can be tried. Lints look at no signature.

export interface CrlParts {
  /** INTEGER, or nothing. */
  version: Buffer;
  signatureAlgorithm: Buffer;
  issuer: Buffer;
  thisUpdate: Buffer;
  /** A Time, or nothing. */
  nextUpdate: Buffer;
  /** The list, or nothing where it is left out. */
  revokedCertificates: Buffer;
  extensions: Extension[];
}

export interface CrlOverrides extends Partial<CrlParts> {
  /** Encoded entries; without any, revokedCertificates is left out. */
  entries?: Buffer[];
  /** Each takes the place of the CRL's own extension of that type, or comes last. */
  with?: Extension[];
  without?: string[];
}

/** thisUpdate of what this file makes. */
export const CRL_NOW = new Date('2026-06-15T12:00:00Z');

/** An entry: serial number and time of revocation, and its extensions. */
export function crlEntry(
  serial: number,
  revokedAt: Buffer = asn1.time(CRL_NOW),
  ...extensions: Extension[]
): Buffer {
  const list = extensions.length > 0 ? [asn1.sequence(...extensions.map(encodeExtension))] : [];
  return asn1.sequence(asn1.integer(serial), revokedAt, ...list);
}

/** DER of a CRL with some parts of it replaced. */
export function lintCrlBytes(overrides: CrlOverrides = {}): Buffer {
  const { entries = [], with: replacements = [], without = [] } = overrides;
  const own = [authorityKeyIdentifierExtension(Buffer.alloc(20, 0xca)), crlNumberExtension(7)];
  const kept = own.filter(
    ({ oid }) => !without.includes(oid) && !replacements.some((one) => one.oid === oid),
  );
  const parts: CrlParts = {
    version: asn1.integer(1),
    signatureAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha256'),
    issuer: ISSUER_NAME,
    thisUpdate: asn1.time(CRL_NOW),
    nextUpdate: asn1.time(new Date('2026-06-16T12:00:00Z')),
    revokedCertificates: entries.length > 0 ? asn1.sequence(...entries) : Buffer.alloc(0),
    extensions: [...kept, ...replacements],
    ...overrides,
  };
  const extensions = asn1.explicit(0, asn1.sequence(...parts.extensions.map(encodeExtension)));
  const tbs = asn1.sequence(
    parts.version,
    parts.signatureAlgorithm,
    parts.issuer,
    parts.thisUpdate,
    parts.nextUpdate,
    parts.revokedCertificates,
    parts.extensions.length > 0 ? extensions : Buffer.alloc(0),
  );
  return asn1.sequence(tbs, parts.signatureAlgorithm, asn1.bitString(Buffer.alloc(70, 0x30)));
}

function lintCrl(overrides: CrlOverrides = {}): CertificateList {
  return parseCertificateList(lintCrlBytes(overrides));
}

/** What a rule is given: the CRL, and only those other facts that the test is about. */
export function lintedCrl(overrides: CrlOverrides = {}, facts: Omit<LintedCrl, 'crl'> = {}): LintedCrl {
  return { crl: lintCrl(overrides), ...facts };
}
