import type { KeyObject } from 'node:crypto';

import type { DigestName } from '../../pki/digest-algorithm.ts';
import { verifySignature } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName, SignatureScheme } from '../../pki/signature-algorithm.ts';
import { ecdsaValueOf, joseEcdsaValue } from './ecdsa-value.ts';

/** A digital signature of JWS; what is none (`none`, `HS256`) has no row. */
export interface JwsAlgorithm {
  name: string;
  scheme: SignatureScheme;
  /** What policies judge; of schemes that hash by themselves, what they hash with. */
  digest: DigestName;
  /** As node:crypto names it; RFC 7518 §3.4 binds each ECDSA algorithm to one curve, RFC 8037 EdDSA to two. */
  curve?: string;
  /** Octets of a number on it. */
  curveOctets?: number;
}

/** RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2. */
const ALGORITHMS: readonly JwsAlgorithm[] = [
  ...(['sha256', 'sha384', 'sha512'] as const).flatMap((digest) => rsa(digest)),
  { name: 'ES256', ...ecdsa('sha256', 'prime256v1', 32) },
  { name: 'ES384', ...ecdsa('sha384', 'secp384r1', 48) },
  { name: 'ES512', ...ecdsa('sha512', 'secp521r1', 66) },
  { name: 'Ed25519', scheme: { kind: 'ed25519', digest: null }, digest: 'sha512' },
  { name: 'Ed448', scheme: { kind: 'ed448', digest: null }, digest: 'sha512' },
];

const BY_NAME = new Map(ALGORITHMS.map((algorithm) => [algorithm.name, algorithm]));

/** The algorithm that a header names, for a key: EdDSA leaves the curve to the key. Undefined: none that signs. */
export function jwsAlgorithmOf(alg: unknown, key?: KeyObject): JwsAlgorithm | undefined {
  if (alg === 'EdDSA') return BY_NAME.get(key?.asymmetricKeyType === 'ed448' ? 'Ed448' : 'Ed25519');
  return typeof alg === 'string' ? BY_NAME.get(alg) : undefined;
}

/** How a JWS names what a signer signs with, on the curve of its key; undefined: JWS has no name for it. */
export function jwsNameOf(algorithm: SignatureAlgorithmName, key: KeyObject): string | undefined {
  const [, family, bits] = /^(rsa|rsa-pss|ecdsa)-sha(\d+)$/.exec(algorithm) ?? [];
  if (algorithm === 'ed25519') return 'EdDSA';
  if (family !== 'ecdsa') return family && `${family === 'rsa' ? 'RS' : 'PS'}${bits}`;
  const found = BY_NAME.get(`ES${bits}`);
  return found?.curve === key.asymmetricKeyDetails?.namedCurve ? found?.name : undefined;
}

/** Whether a key signed octets; false for a key of another kind or curve, and for what is no signature. */
export function verifyJws(
  algorithm: JwsAlgorithm,
  key: KeyObject,
  signed: { octets: Uint8Array; signature: Uint8Array },
): boolean {
  const { scheme, curve, curveOctets } = algorithm;
  if (curveOctets === undefined) return verifySignature(scheme, key, signed.octets, signed.signature);
  if (key.asymmetricKeyDetails?.namedCurve !== curve) return false;
  const signature = ecdsaValueOf(signed.signature, curveOctets);
  return signature !== undefined && verifySignature(scheme, key, signed.octets, signature);
}

/** A signature as JWS carries it, of one as signers make it: ECDSA as two numbers of fixed length. */
export function jwsSignatureOf(name: string, signature: Buffer): Buffer {
  const octets = BY_NAME.get(name)?.curveOctets;
  return octets === undefined ? signature : joseEcdsaValue(signature, octets);
}

function rsa(digest: 'sha256' | 'sha384' | 'sha512'): JwsAlgorithm[] {
  const bits = digest.slice(3);
  // RFC 7518 §3.5: a salt as long as the hash, and the same hash in the mask.
  const pss = { kind: 'rsa-pss', digest, mgfDigest: digest, saltOctets: Number(bits) / 8 } as const;
  return [
    { name: `RS${bits}`, scheme: { kind: 'rsa-pkcs1', digest }, digest },
    { name: `PS${bits}`, scheme: pss, digest },
  ];
}

function ecdsa(digest: DigestName, curve: string, curveOctets: number): Omit<JwsAlgorithm, 'name'> {
  return { scheme: { kind: 'ecdsa', digest }, digest, curve, curveOctets };
}
