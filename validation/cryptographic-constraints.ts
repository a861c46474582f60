import { publicKeyOf } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import { parseSignatureAlgorithm } from '../pki/signature-algorithm.ts';
import type { SignatureScheme } from '../pki/signature-algorithm.ts';
import type { ValidationPolicy } from './policy.ts';
import type { Reason } from './reason.ts';

type Constraints = Pick<ValidationPolicy, 'digests' | 'rsaModulusBitsMin'>;

/** The signature's digest and key against the policy (ETSI EN 319 102-1 §5.2.8.4.4). The key must be readable. */
export function weaknessesOfSignature(
  algorithms: { digest: DigestName; scheme: SignatureScheme },
  certificate: Certificate,
  policy: Constraints,
): Reason[] {
  const digests = new Set([algorithms.digest, algorithms.scheme.digest ?? algorithms.digest]);
  return [
    ...[...digests].flatMap((digest) => weakDigest('the signature', digest, policy)),
    ...weakKey("the signer's key", certificate, policy),
  ];
}

/** The signatures on the certificates of a path, leaf first, and its issuers' keys; the anchor's own signature proves nothing. */
export function weaknessesOfPath(path: readonly Certificate[], policy: Constraints): Reason[] {
  return path.slice(0, -1).flatMap((certificate, index) => {
    const { digest } = parseSignatureAlgorithm(certificate.signatureAlgorithm);
    return [
      ...(digest ? weakDigest(`certificate ${index} of the path`, digest, policy) : []),
      ...weakKey(`the key that issued certificate ${index} of the path`, path[index + 1], policy),
    ];
  });
}

function weakDigest(what: string, digest: DigestName, { digests }: Constraints): Reason[] {
  if (digests.has(digest)) return [];
  const text = `${what} uses ${digest}, accepted are ${[...digests].join(', ')}`;
  return [{ code: 'algorithm-too-weak', text }];
}

function weakKey(what: string, certificate: Certificate, { rsaModulusBitsMin }: Constraints): Reason[] {
  const key = publicKeyOf(certificate);
  if (!key.asymmetricKeyType?.startsWith('rsa')) return [];
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits === undefined || bits >= rsaModulusBitsMin) return [];
  return [
    {
      code: 'algorithm-too-weak',
      text: `${what} is RSA with ${bits} bits, at least ${rsaModulusBitsMin} are asked for`,
    },
  ];
}
