import * as asn1 from '../../pki/der/encode.ts';
import { digestOid } from '../../pki/digest-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { KeyError } from '../key-error.ts';
import { CKG_MGF1, CKM, PARAMS_RSA_PSS } from './constants.ts';

type Sha2 = 'sha256' | 'sha384' | 'sha512';

/** How a token makes the signatures of an algorithm. */
export interface SigningMechanism {
  mechanism: number;
  parameter?: { type: number; hashAlg: number; mgf: number; saltLen: number };
  /** How we hash, and what the token is given for the digest; without it the token is given the message. */
  hash?: { name: Sha2; wrap(digest: Buffer): Buffer };
  /** The token's octets in the form of the Signer port. */
  output(raw: Buffer): Buffer;
}

/** By preference: we hash where the token lets us, so that a large CRL does not travel to it. */
const MECHANISMS: Partial<Record<SignatureAlgorithmName, readonly SigningMechanism[]>> = {
  'rsa-sha256': [rsaOverDigestInfo('sha256'), onMessage(CKM.sha256RsaPkcs)],
  'rsa-sha384': [rsaOverDigestInfo('sha384'), onMessage(CKM.sha384RsaPkcs)],
  'rsa-sha512': [rsaOverDigestInfo('sha512'), onMessage(CKM.sha512RsaPkcs)],
  'rsa-pss-sha256': pss('sha256', 32, CKM.sha256RsaPkcsPss),
  'rsa-pss-sha384': pss('sha384', 48, CKM.sha384RsaPkcsPss),
  'rsa-pss-sha512': pss('sha512', 64, CKM.sha512RsaPkcsPss),
  'ecdsa-sha256': [ecdsaOverDigest('sha256'), { ...onMessage(CKM.ecdsaSha256), output: ecdsaSigValue }],
  'ecdsa-sha384': [ecdsaOverDigest('sha384'), { ...onMessage(CKM.ecdsaSha384), output: ecdsaSigValue }],
  'ecdsa-sha512': [ecdsaOverDigest('sha512'), { ...onMessage(CKM.ecdsaSha512), output: ecdsaSigValue }],
  ed25519: [onMessage(CKM.eddsa)],
};

/** The mechanism that a token has for an algorithm; throws KeyError `algorithm-mismatch` when it has none. */
export function chooseMechanism(
  algorithm: SignatureAlgorithmName,
  offered: readonly number[],
): SigningMechanism {
  const found = MECHANISMS[algorithm]?.find(({ mechanism }) => offered.includes(mechanism));
  if (!found) throw new KeyError('algorithm-mismatch', `the token has no mechanism for ${algorithm}`);
  return found;
}

/** Ecdsa-Sig-Value (RFC 3279 §2.2.3) of the r ‖ s that tokens return. */
function ecdsaSigValue(raw: Buffer): Buffer {
  const half = raw.length / 2;
  return asn1.sequence(asn1.integer(raw.subarray(0, half)), asn1.integer(raw.subarray(half)));
}

function ecdsaOverDigest(name: Sha2): SigningMechanism {
  return { mechanism: CKM.ecdsa, hash: { name, wrap: asIs }, output: ecdsaSigValue };
}

/** RFC 8017 §9.2: the token pads, the DigestInfo is ours. */
function rsaOverDigestInfo(name: Sha2): SigningMechanism {
  const algorithm = asn1.sequence(asn1.oid(digestOid(name)), asn1.NULL);
  const wrap = (digest: Buffer): Buffer => asn1.sequence(algorithm, asn1.octetString(digest));
  return { mechanism: CKM.rsaPkcs, hash: { name, wrap }, output: asIs };
}

function pss(name: Sha2, saltLen: number, onToken: number): SigningMechanism[] {
  const parameter = { type: PARAMS_RSA_PSS, hashAlg: CKM[name], mgf: CKG_MGF1[name], saltLen };
  return [
    { mechanism: CKM.rsaPkcsPss, parameter, hash: { name, wrap: asIs }, output: asIs },
    { ...onMessage(onToken), parameter },
  ];
}

function onMessage(mechanism: number): SigningMechanism {
  return { mechanism, output: asIs };
}

function asIs(raw: Buffer): Buffer {
  return raw;
}
