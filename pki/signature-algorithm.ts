import { constants, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import * as asn1 from './der/encode.ts';
import { openWhole } from './der/decode.ts';
import type { EncodingRules, Cursor } from './der/decode.ts';
import { TAG, context } from './der/tag.ts';
import { numberOf, oidOf } from './der/values.ts';
import { digestOfOid, digestOid } from './digest-algorithm.ts';
import type { DigestName } from './digest-algorithm.ts';
import { ALG } from './oid.ts';
import { PkiError } from './pki-error.ts';

/** What a signature was or shall be made with; `null` digest: the algorithm hashes by itself. */
export type SignatureScheme =
  | { kind: 'rsa-pkcs1'; digest: DigestName }
  | { kind: 'rsa-pss'; digest: DigestName; mgfDigest: DigestName; saltOctets: number }
  | { kind: 'ecdsa' | 'dsa'; digest: DigestName }
  | { kind: 'ed25519' | 'ed448' | 'ml-dsa-65'; digest: null };

/** Names of the schemes we sign with, as profiles and signers say them. */
export type SignatureAlgorithmName =
  | 'rsa-sha256'
  | 'rsa-sha384'
  | 'rsa-sha512'
  | 'rsa-pss-sha256'
  | 'rsa-pss-sha384'
  | 'rsa-pss-sha512'
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ecdsa-sha512'
  | 'ed25519'
  | 'ml-dsa-65';

export const SIGNATURE_SCHEMES: Record<SignatureAlgorithmName, SignatureScheme> = {
  'rsa-sha256': { kind: 'rsa-pkcs1', digest: 'sha256' },
  'rsa-sha384': { kind: 'rsa-pkcs1', digest: 'sha384' },
  'rsa-sha512': { kind: 'rsa-pkcs1', digest: 'sha512' },
  'rsa-pss-sha256': { kind: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltOctets: 32 },
  'rsa-pss-sha384': { kind: 'rsa-pss', digest: 'sha384', mgfDigest: 'sha384', saltOctets: 48 },
  'rsa-pss-sha512': { kind: 'rsa-pss', digest: 'sha512', mgfDigest: 'sha512', saltOctets: 64 },
  'ecdsa-sha256': { kind: 'ecdsa', digest: 'sha256' },
  'ecdsa-sha384': { kind: 'ecdsa', digest: 'sha384' },
  'ecdsa-sha512': { kind: 'ecdsa', digest: 'sha512' },
  ed25519: { kind: 'ed25519', digest: null },
  'ml-dsa-65': { kind: 'ml-dsa-65', digest: null },
};

const BY_OID = new Map<string, SignatureScheme>([
  [ALG.sha1WithRsa, { kind: 'rsa-pkcs1', digest: 'sha1' }],
  [ALG.sha256WithRsa, SIGNATURE_SCHEMES['rsa-sha256']],
  [ALG.sha384WithRsa, SIGNATURE_SCHEMES['rsa-sha384']],
  [ALG.sha512WithRsa, SIGNATURE_SCHEMES['rsa-sha512']],
  [ALG.dsaWithSha1, { kind: 'dsa', digest: 'sha1' }],
  [ALG.dsaWithSha256, { kind: 'dsa', digest: 'sha256' }],
  [ALG.ecdsaWithSha1, { kind: 'ecdsa', digest: 'sha1' }],
  [ALG.ecdsaWithSha256, SIGNATURE_SCHEMES['ecdsa-sha256']],
  [ALG.ecdsaWithSha384, SIGNATURE_SCHEMES['ecdsa-sha384']],
  [ALG.ecdsaWithSha512, SIGNATURE_SCHEMES['ecdsa-sha512']],
  [ALG.ed25519, SIGNATURE_SCHEMES.ed25519],
  [ALG.ed448, { kind: 'ed448', digest: null }],
  [ALG.mlDsa65, SIGNATURE_SCHEMES['ml-dsa-65']],
]);

const encodedIdentifiers = new Map<SignatureAlgorithmName, Buffer>();

/** The AlgorithmIdentifier: NULL parameters for PKCS#1 v1.5 (RFC 4055 §5), none for ECDSA (RFC 5758 §3.2). */
export function signatureAlgorithmIdentifier(name: SignatureAlgorithmName): Buffer {
  let encoded = encodedIdentifiers.get(name);
  if (!encoded) {
    encoded = encodeIdentifier(name);
    encodedIdentifiers.set(name, encoded);
  }
  return encoded;
}

function encodeIdentifier(name: SignatureAlgorithmName): Buffer {
  const scheme = SIGNATURE_SCHEMES[name];
  if (scheme.kind === 'rsa-pss') return pssIdentifier(scheme.digest, scheme.saltOctets);
  const found = [...BY_OID].find(([, candidate]) => candidate === scheme);
  if (!found) throw new PkiError('algorithm-unsupported', `no object identifier for ${name}`);
  const oid = asn1.oid(found[0]);
  return scheme.kind === 'rsa-pkcs1' ? asn1.sequence(oid, asn1.NULL) : asn1.sequence(oid);
}

/**
 * Reads the scheme out of an AlgorithmIdentifier. In CMS the signature algorithm may be the bare key algorithm
 * (rsaEncryption, RFC 3370 §3.2; ecPublicKey is seen too); then the digest algorithm of the signer decides.
 */
export function parseSignatureAlgorithm(
  identifier: Uint8Array,
  options: { rules?: EncodingRules; digestAlgorithm?: DigestName } = {},
): SignatureScheme {
  const cursor = openWhole(identifier, TAG.sequence, options.rules);
  const oid = oidOf(cursor.read(TAG.oid));
  if (oid === ALG.rsassaPss) return parsePss(cursor);
  const scheme = BY_OID.get(oid);
  if (scheme) {
    // NULL belongs to RSA alone (RFC 4055 §5), yet both mistakes are common: absent there, NULL elsewhere.
    cursor.readOptional(TAG.null);
    cursor.end();
    return scheme;
  }
  if (options.digestAlgorithm && oid === ALG.rsaEncryption) {
    return { kind: 'rsa-pkcs1', digest: options.digestAlgorithm };
  }
  if (options.digestAlgorithm && oid === ALG.ecPublicKey)
    return { kind: 'ecdsa', digest: options.digestAlgorithm };
  throw new PkiError('algorithm-unsupported', `signature algorithm ${oid}`);
}

const KEY_TYPES: Record<SignatureScheme['kind'], readonly string[]> = {
  'rsa-pkcs1': ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  dsa: ['dsa'],
  ed25519: ['ed25519'],
  ed448: ['ed448'],
  'ml-dsa-65': ['ml-dsa-65'],
};

/** Checks a signature; false for a wrong one, for a key of another type and for unreadable signature octets. */
export function verifySignature(
  scheme: SignatureScheme,
  publicKey: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!KEY_TYPES[scheme.kind].includes(publicKey.asymmetricKeyType ?? '')) return false;
  try {
    return verify(scheme.digest, data, { key: publicKey, ...paddingOf(scheme) }, signature);
  } catch {
    return false;
  }
}

/** node:crypto's signing and verifying options of a scheme. */
export function paddingOf(scheme: SignatureScheme): { padding?: number; saltLength?: number } {
  if (scheme.kind === 'rsa-pkcs1') return { padding: constants.RSA_PKCS1_PADDING };
  if (scheme.kind !== 'rsa-pss') return {};
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltOctets };
}

function pssIdentifier(digest: DigestName, saltOctets: number): Buffer {
  const hash = asn1.sequence(asn1.oid(digestOid(digest)), asn1.NULL);
  return asn1.sequence(
    asn1.oid(ALG.rsassaPss),
    asn1.sequence(
      asn1.explicit(0, hash),
      asn1.explicit(1, asn1.sequence(asn1.oid(ALG.mgf1), hash)),
      asn1.explicit(2, asn1.integer(saltOctets)),
    ),
  );
}

/** RSASSA-PSS-params (none: all defaults) with the defaults of RFC 4055 §3.1: SHA-1, MGF1 with SHA-1, 20 octets of salt. */
function parsePss(identifier: Cursor): SignatureScheme {
  const params = identifier.intoOptional(TAG.sequence);
  let digestName: DigestName = 'sha1';
  let mgfDigest: DigestName = 'sha1';
  let saltOctets = 20;
  if (params) {
    const hash = params.intoOptional(context(0));
    if (hash) digestName = digestOfOid(oidOf(hash.into(TAG.sequence).read(TAG.oid)));
    const mgf = params.intoOptional(context(1));
    if (mgf) mgfDigest = mgfDigestOf(mgf.into(TAG.sequence));
    const salt = params.intoOptional(context(2));
    if (salt) saltOctets = numberOf(salt.read(TAG.integer));
    const trailer = params.intoOptional(context(3));
    if (trailer && numberOf(trailer.read(TAG.integer)) !== 1) {
      throw new PkiError('algorithm-unsupported', 'RSASSA-PSS trailer field other than 1');
    }
    params.end();
  }
  identifier.end();
  // node:crypto takes one digest for both; nothing in the field mixes them.
  if (mgfDigest !== digestName) throw new PkiError('algorithm-unsupported', 'RSASSA-PSS with two digests');
  if (saltOctets < 0 || saltOctets > 512)
    throw new PkiError('algorithm-unsupported', 'RSASSA-PSS salt length');
  return { kind: 'rsa-pss', digest: digestName, mgfDigest, saltOctets };
}

function mgfDigestOf(mgf: Cursor): DigestName {
  if (oidOf(mgf.read(TAG.oid)) !== ALG.mgf1)
    throw new PkiError('algorithm-unsupported', 'mask generation function');
  return digestOfOid(oidOf(mgf.into(TAG.sequence).read(TAG.oid)));
}
