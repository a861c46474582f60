import { publicKeyOf } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import { PkiError } from '../pki/pki-error.ts';
import { lacksParameters } from '../pki/public-key.ts';
import { parseSignatureAlgorithm } from '../pki/signature-algorithm.ts';
import type { SignatureScheme } from '../pki/signature-algorithm.ts';
import { holdsAt } from './algorithm-policy.ts';
import type { AlgorithmPolicy } from './algorithm-policy.ts';
import type { Reason } from './reason.ts';

/** The policy, and the moment at which what it is asked about existed. */
export interface AlgorithmConstraints {
  algorithms: AlgorithmPolicy;
  at: Date;
  /** Where a certificate of a path is proven by itself; absent: all at the same moment. */
  provenAt?: (certificate: Certificate) => Date;
}

/** The signature's digest and key against the policy (ETSI EN 319 102-1 §5.2.8.4.4). */
export function weaknessesOfSignature(
  algorithms: { digest: DigestName; scheme: SignatureScheme },
  certificate: Certificate,
  constraints: AlgorithmConstraints,
): Reason[] {
  const digests = new Set([algorithms.digest, algorithms.scheme.digest ?? algorithms.digest]);
  return [
    ...[...digests].flatMap((digest) => weakDigest('the signature', digest, constraints)),
    ...weakKey("the signer's key", certificate, constraints),
  ];
}

/** The signatures on the certificates of a path, leaf first, and its issuers' keys; the anchor's own signature proves nothing. */
export function weaknessesOfPath(path: readonly Certificate[], constraints: AlgorithmConstraints): Reason[] {
  return path.slice(0, -1).flatMap((certificate, index) => {
    const { digest } = parseSignatureAlgorithm(certificate.signatureAlgorithm);
    const { algorithms, provenAt } = constraints;
    const then = { algorithms, at: provenAt?.(certificate) ?? constraints.at };
    return [
      ...(digest ? weakDigest(`certificate ${index} of the path`, digest, then) : []),
      ...weakKey(`the key that issued certificate ${index} of the path`, path[index + 1], then),
    ];
  });
}

/** The key of a path's leaf by itself: what it signs is not at hand. */
export function weaknessesOfLeaf(leaf: Certificate, constraints: AlgorithmConstraints): Reason[] {
  return weakKey('the key of the certificate', leaf, constraints);
}

/** The digest by itself, of what a time stamp is over. */
export function weaknessesOfImprint(digest: DigestName, constraints: AlgorithmConstraints): Reason[] {
  return weakDigest('the imprint', digest, constraints);
}

function weakDigest(what: string, digest: DigestName, { algorithms, at }: AlgorithmConstraints): Reason[] {
  const accepted = algorithms.digests.filter((row) => holdsAt(row, at)).map(({ name }) => name);
  if (accepted.includes(digest)) return [];
  const text = `${what} uses ${digest}, accepted are ${accepted.join(', ')}`;
  return [{ code: 'algorithm-too-weak', text }];
}

function weakKey(what: string, certificate: Certificate, { algorithms, at }: AlgorithmConstraints): Reason[] {
  const strength = strengthOf(certificate);
  if (!strength) return [{ code: 'algorithm-unsupported', text: `${what} cannot be read` }];
  const { type, bits } = strength;
  const rows = algorithms.keys.filter((row) => row.type === type && holdsAt(row, at));
  if (rows.some(({ bitsMin }) => bits >= bitsMin)) return [];
  const least = Math.min(...rows.map(({ bitsMin }) => bitsMin));
  const asked = rows.length === 0 ? 'such keys are not accepted' : `at least ${least} are asked for`;
  return [
    { code: 'algorithm-too-weak', text: `${what} is ${type.toUpperCase()} with ${bits} bits, ${asked}` },
  ];
}

interface Strength {
  type: string;
  bits: number;
}

/** Issuers' keys are looked at for every certificate below them. */
const strengths = new WeakMap<Certificate, Strength>();

function strengthOf(certificate: Certificate): Strength | undefined {
  let strength = strengths.get(certificate);
  if (!strength) {
    strength = readStrength(certificate);
    if (strength) strengths.set(certificate, strength);
  }
  return strength;
}

function readStrength(certificate: Certificate): Strength | undefined {
  try {
    // Its parameters are those of a CA above, which is looked at by itself (RFC 3279 §2.3.2).
    if (lacksParameters(certificate.subjectPublicKeyInfo)) return { type: 'dsa', bits: Infinity };
    const key = publicKeyOf(certificate);
    const type = key.asymmetricKeyType?.replace('rsa-pss', 'rsa') ?? 'unknown';
    const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
    // Names of curves have their size in them: prime256v1, secp384r1, brainpoolP512r1.
    return { type, bits: modulusLength ?? Number(/\d{3}/.exec(namedCurve ?? '')?.[0] ?? 0) };
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}
