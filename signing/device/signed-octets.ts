import { canonicalJson } from '../../core/canonical-json.ts';
import { TAG, byOctets, concatenated, element, octetsOf, sequence } from './der-octets.ts';

// The octets that the phone's key signs, made alike by the phone and by the service: the phone builds them from the document that
// it shows, the service from the document that it was given, and the signature verifies only if the two are one. This folder runs on
// the phone's page as well, so it knows nothing of Node.

export interface SignedFacts {
  /** SHA-256 over the document. */
  documentSha256: Uint8Array;
  /** SHA-256 over the certificate. */
  certificateSha256: Uint8Array;
  /** Whole seconds. */
  signingTime: Date;
  /** Absent: only a hash is known. */
  mediaType?: string;
}

/** Type and value of each signed attribute of CAdES B-B, in DER (ETSI EN 319 122-1 §6.3), in the order of a SET OF. */
export function cadesAttributes(facts: SignedFacts): Uint8Array[] {
  const attributes = [...padesAttributes(facts), attribute(OID.signingTime, utcTime(facts.signingTime))];
  if (facts.mediaType !== undefined)
    attributes.push(
      attribute(OID.mimeType, element(TAG.utf8String, new TextEncoder().encode(facts.mediaType))),
    );
  return attributes.sort(byOctets);
}

/**
 * What is signed in PAdES: no signing time, which stands in the PDF, and no media type, which is known (ETSI EN 319 142-1 §6.3).
 * `documentSha256` is over what the ByteRange of the PDF covers.
 */
export function padesSignedOctets(
  facts: Pick<SignedFacts, 'documentSha256' | 'certificateSha256'>,
): Uint8Array {
  return element(TAG.set, ...padesAttributes(facts).sort(byOctets));
}

/** What is signed in CAdES: the attributes as a SET OF (RFC 5652 §5.4). */
export function cadesSignedOctets(facts: SignedFacts): Uint8Array {
  return element(TAG.set, ...cadesAttributes(facts));
}

export interface JadesFacts extends SignedFacts {
  algorithm: string;
  /** DER, the signer's first. */
  chain: readonly Uint8Array[];
  mediaType: string;
}

/**
 * The protected header of JAdES B-B in its compact form, base64url. The signing time is `iat`: new signatures have no `sigT`
 * since July 2025, and `crit` names headers of §5.2 alone, of which there is none. `x5t#S256` is the reference for SHA-256;
 * `x5t#o` is for other digests.
 * @see ETSI TS 119 182-1 V1.2.1 §5.1, §5.2.1, §6.3
 */
export function jadesProtectedHeader(facts: JadesFacts): string {
  const header = {
    alg: facts.algorithm,
    cty: facts.mediaType,
    // Whole seconds: a NumericDate (RFC 7519 §2).
    iat: facts.signingTime.getTime() / 1000,
    typ: 'jose',
    x5c: facts.chain.map((certificate) => base64(certificate)),
    'x5t#S256': base64url(facts.certificateSha256),
  };
  return base64url(new TextEncoder().encode(canonicalJson(header)));
}

/** What is signed in JAdES: header and content (RFC 7515 §5.1). */
export function jadesSignedOctets(facts: JadesFacts, content: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`${jadesProtectedHeader(facts)}.${base64url(content)}`);
}

/**
 * What a phone signs to be known. It begins with `{`, which neither a SET OF nor a JWS does: no signature of this kind is one over a
 * document.
 */
export function deviceSignInOctets(facts: { nonce: string; certificateSha256: string }): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ ...facts, type: 'mohr-device-sign-in' }));
}

/** What a phone makes the digest of with which it shows that its key signs digests that are ready; see `digestProof`. */
export function digestProofOctets(facts: { nonce: string; certificateSha256: string }): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ ...facts, type: 'mohr-ready-digest' }));
}

/**
 * The digest that is signed to show it, of SHA-256 over `digestProofOctets`: each octet inverted, for a key that hashes by itself could
 * sign the hash of octets that are known. The phone makes it, and nobody who chooses the nonce chooses what is signed.
 */
export function digestProof(sha256OfOctets: Uint8Array): Uint8Array {
  return sha256OfOctets.map((octet) => 0xff ^ octet);
}

/** What the verification code is made of: the documents' hashes, one after the other. */
export function hashesJoined(documentHashes: readonly Uint8Array[]): Uint8Array {
  return concatenated(documentHashes);
}

/** Four digits of SHA-256 over the joined hashes: its last two octets, as a number modulo 10,000. */
export function verificationCodeOf(sha256OfHashes: Uint8Array): string {
  const [high, low] = sha256OfHashes.slice(-2);
  return String((high * 256 + low) % 10_000).padStart(4, '0');
}

/** RFC 4648 §5, without padding. */
export function base64url(octets: Uint8Array): string {
  return base64(octets).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function base64(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  return btoa(text);
}

function rfc3339(instant: Date): string {
  return instant.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function padesAttributes({
  documentSha256,
  certificateSha256,
}: Pick<SignedFacts, 'documentSha256' | 'certificateSha256'>): Uint8Array[] {
  return [
    attribute(OID.contentType, OID.data),
    attribute(OID.messageDigest, element(TAG.octetString, documentSha256)),
    // ESSCertIDv2 with SHA-256, which is its default and so not written (RFC 5035 §4).
    attribute(
      OID.signingCertificateV2,
      sequence(sequence(sequence(element(TAG.octetString, certificateSha256)))),
    ),
  ];
}

/** Whole elements (RFC 5652 §11, RFC 5035 §3, ETSI EN 319 122-1 §5.2.5). */
const OID = {
  data: octetsOf('06092a864886f70d010701'),
  contentType: octetsOf('06092a864886f70d010903'),
  messageDigest: octetsOf('06092a864886f70d010904'),
  signingTime: octetsOf('06092a864886f70d010905'),
  signingCertificateV2: octetsOf('060b2a864886f70d010910022f'),
  mimeType: octetsOf('060604008d450201'),
} as const;

function attribute(type: Uint8Array, value: Uint8Array): Uint8Array {
  return sequence(type, element(TAG.set, value));
}

/** RFC 5652 §11.3: UTCTime up to 2049, and GeneralizedTime from 2050 on. */
function utcTime(instant: Date): Uint8Array {
  const digits = rfc3339(instant).replaceAll(/[-:T]/g, '');
  const isUtcTime = instant.getUTCFullYear() < 2050;
  return element(
    isUtcTime ? TAG.utcTime : TAG.generalizedTime,
    new TextEncoder().encode(isUtcTime ? digits.slice(2) : digits),
  );
}
