import type { KeyObject } from 'node:crypto';

import { RevokedCertificates } from './crl-revoked-certificates.ts';
import { readCrlExtensions } from './crl-extensions.ts';
import type { CrlExtensions } from './crl-extensions.ts';
import { Cursor, asBuffer } from './der/decode.ts';
import { TAG, context } from './der/tag.ts';
import { bitsOf, numberOf, timeOf } from './der/values.ts';
import { readExtensions } from './extension.ts';
import type { Extensions } from './extension.ts';
import { parseName } from './name.ts';
import type { Name } from './name.ts';
import { PkiError } from './pki-error.ts';
import { parseSignatureAlgorithm, verifySignature } from './signature-algorithm.ts';

/** A CRL as read (RFC 5280 §5.1); all octets are views on the input, which must not change any more. */
export interface CertificateList extends CrlExtensions {
  bytes: Buffer;
  tbsCertList: Buffer;
  /** 1 or 2. */
  version: number;
  issuer: Name;
  thisUpdate: Date;
  /** Absent on CRLs that RFC 5280 §5.1.2.5 does not allow, but that exist. */
  nextUpdate?: Date;
  revokedCertificates: RevokedCertificates;
  extensions: Extensions;
  /** AlgorithmIdentifier, the one outside the TBS; equal to the one inside. */
  signatureAlgorithm: Buffer;
  signature: Buffer;
}

/** Largest CRL that is read, in octets: more than two million entries. */
export const CRL_OCTETS_MAX = 134_217_728;

/** Reads one DER CRL that fills the input; throws PkiError `crl-malformed`, `name-malformed` or `der-malformed`. */
export function parseCertificateList(bytes: Uint8Array): CertificateList {
  if (bytes.length > CRL_OCTETS_MAX) {
    throw new PkiError('crl-malformed', `${bytes.length} octets, at most ${CRL_OCTETS_MAX}`);
  }
  const input = new Cursor(asBuffer(bytes));
  const whole = input.read(TAG.sequence);
  input.end();
  const outer = input.open(whole);
  const tbs = outer.read(TAG.sequence);
  const signatureAlgorithm = outer.read(TAG.sequence).bytes;
  const signature = bitsOf(outer.read(TAG.bitString)).bytes;
  outer.end();
  const fields = readTbs(outer.open(tbs), signatureAlgorithm);
  return { bytes: whole.bytes, tbsCertList: tbs.bytes, ...fields, signatureAlgorithm, signature };
}

/** Whether the key verifies the CRL's signature; says nothing of issuer names, dates or scope. */
export function isCertificateListSignedBy(list: CertificateList, issuerKey: KeyObject): boolean {
  const scheme = parseSignatureAlgorithm(list.signatureAlgorithm);
  return verifySignature(scheme, issuerKey, list.tbsCertList, list.signature);
}

function readTbs(tbs: Cursor, outerAlgorithm: Buffer) {
  const version = readVersion(tbs);
  if (!tbs.read(TAG.sequence).bytes.equals(outerAlgorithm)) {
    throw new PkiError('crl-malformed', 'the two signature algorithms differ (RFC 5280 §5.1.1.2)');
  }
  const issuer = parseName(tbs.read(TAG.sequence).bytes);
  const thisUpdate = timeOf(tbs.next());
  const hasNextUpdate = tbs.peek() === TAG.utcTime || tbs.peek() === TAG.generalizedTime;
  const nextUpdate = hasNextUpdate ? timeOf(tbs.next()) : undefined;
  const revoked = tbs.readOptional(TAG.sequence);
  const wrapped = tbs.intoOptional(context(0));
  const extensions = wrapped ? readExtensions(wrapped.into(TAG.sequence)) : new Map();
  wrapped?.end();
  tbs.end();
  if (version === 1 && extensions.size > 0)
    throw new PkiError('crl-malformed', 'extensions in a version 1 CRL');
  return {
    version,
    issuer,
    thisUpdate,
    ...(nextUpdate && { nextUpdate }),
    revokedCertificates: new RevokedCertificates(revoked?.content ?? Buffer.alloc(0)),
    extensions,
    ...readCrlExtensions(extensions),
  };
}

function readVersion(tbs: Cursor): number {
  const field = tbs.readOptional(TAG.integer);
  if (!field) return 1;
  // v2(1) is the only value that is ever written: v1 is the default and left out.
  if (numberOf(field) !== 1) throw new PkiError('crl-malformed', `version field ${numberOf(field)}`);
  return 2;
}
