import * as asn1 from './der/encode.ts';
import type { Cursor } from './der/decode.ts';
import { TAG } from './der/tag.ts';
import { assertMinimalInteger, oidOf } from './der/values.ts';
import { DIGEST_OCTETS, digest, digestIdentifier, digestOid } from './digest-algorithm.ts';
import type { DigestName } from './digest-algorithm.ts';
import { PkiError } from './pki-error.ts';
import { subjectPublicKeyBits } from './public-key.ts';

/** Names a certificate by its issuer and serial number (RFC 6960 §4.1.1). */
export interface CertId {
  /** The whole CertID as read: a response echoes these octets. */
  bytes: Buffer;
  /** Name of hashAlgorithm; undefined for one that this house does not compute. */
  hashAlgorithm: DigestName | undefined;
  /** hashAlgorithm in dotted decimals. */
  hashOid: string;
  issuerNameHash: Buffer;
  issuerKeyHash: Buffer;
  /** Contents octets of the serial number. */
  serialNumber: Buffer;
}

/** What a CertID says of an issuer. */
export interface IssuerHashes {
  issuerNameHash: Buffer;
  issuerKeyHash: Buffer;
}

/** The parts of an issuer's certificate that a CertID hashes. */
export interface HashedIssuer {
  subject: { bytes: Uint8Array };
  subjectPublicKeyInfo: Uint8Array;
}

const DIGESTS = (Object.keys(DIGEST_OCTETS) as DigestName[]).map((name) => ({
  name,
  oid: digestOid(name),
  encodedOid: asn1.oid(digestOid(name)),
}));

/** Hashes of the issuer's encoded name and of its key without tag, length and unused bits (RFC 6960 §4.1.1). */
export function issuerHashes(hashAlgorithm: DigestName, issuer: HashedIssuer): IssuerHashes {
  return {
    issuerNameHash: digest(hashAlgorithm, issuer.subject.bytes),
    issuerKeyHash: digest(hashAlgorithm, subjectPublicKeyBits(issuer.subjectPublicKeyInfo)),
  };
}

/** Encodes the CertID of a certificate; `serialNumber` are the contents octets. */
export function encodeCertId(
  hashAlgorithm: DigestName,
  issuer: HashedIssuer,
  serialNumber: Uint8Array,
): Buffer {
  const { issuerNameHash, issuerKeyHash } = issuerHashes(hashAlgorithm, issuer);
  return asn1.sequence(
    digestIdentifier(hashAlgorithm),
    asn1.octetString(issuerNameHash),
    asn1.octetString(issuerKeyHash),
    asn1.element(TAG.integer, serialNumber),
  );
}

/** Whether the CertID names a certificate with this serial number that this issuer signed. */
export function isCertIdOf(certId: CertId, issuer: HashedIssuer, serialNumber: Uint8Array): boolean {
  if (!certId.hashAlgorithm || !certId.serialNumber.equals(serialNumber)) return false;
  const { issuerNameHash, issuerKeyHash } = issuerHashes(certId.hashAlgorithm, issuer);
  return certId.issuerNameHash.equals(issuerNameHash) && certId.issuerKeyHash.equals(issuerKeyHash);
}

/** Reads the next CertID; throws PkiError `der-malformed` also for hashes that are not as long as their algorithm's. */
export function readCertId(cursor: Cursor): CertId {
  const whole = cursor.read(TAG.sequence);
  const fields = cursor.open(whole);
  const { hashAlgorithm, hashOid } = readHashAlgorithm(fields.into(TAG.sequence));
  const issuerNameHash = fields.read(TAG.octetString).content;
  const issuerKeyHash = fields.read(TAG.octetString).content;
  const serialNumber = fields.read(TAG.integer).content;
  assertMinimalInteger(serialNumber);
  fields.end();
  if (hashAlgorithm) {
    assertLength(issuerNameHash, hashAlgorithm);
    assertLength(issuerKeyHash, hashAlgorithm);
  }
  return { bytes: whole.bytes, hashAlgorithm, hashOid, issuerNameHash, issuerKeyHash, serialNumber };
}

/** Parameters of the SHA family are absent or NULL (RFC 5754 §2); those of other algorithms are passed over. */
function readHashAlgorithm(identifier: Cursor): Pick<CertId, 'hashAlgorithm' | 'hashOid'> {
  const algorithm = identifier.read(TAG.oid);
  const known = DIGESTS.find(({ encodedOid }) => encodedOid.equals(algorithm.bytes));
  if (!known) {
    if (!identifier.atEnd) identifier.next();
  } else if (identifier.readOptional(TAG.null)?.content.length) {
    throw new PkiError('der-malformed', 'NULL with contents');
  }
  identifier.end();
  return { hashAlgorithm: known?.name, hashOid: known?.oid ?? oidOf(algorithm) };
}

function assertLength(hash: Buffer, hashAlgorithm: DigestName): void {
  const octets = DIGEST_OCTETS[hashAlgorithm];
  if (hash.length === octets) return;
  throw new PkiError('der-malformed', `hash of ${hash.length} octets, ${hashAlgorithm} has ${octets}`);
}
