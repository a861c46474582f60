import { DomainError } from '../core/errors.ts';
import { SIGNATURE_SCHEMES } from '../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';

/** Where a key is, and how it signs. */
export interface KeyReference {
  /** `file:<name>`, or a `pkcs11:` URI. */
  place: string;
  /** Absent: the first algorithm of the key's type. */
  algorithm?: SignatureAlgorithmName;
}

/**
 * Reads `<place>` or `<place>#<algorithm>`, e.g. `file:bronze.key#rsa-pss-sha256`: one RSA key may sign in several ways, and a CA
 * does in one. Neither a name nor a `pkcs11:` URI has a `#` (RFC 7512 §2.3). Throws DomainError `key-reference-malformed`.
 */
export function parseKeyReference(reference: string): KeyReference {
  const [place, algorithm, ...more] = reference.split('#');
  if (algorithm === undefined) return { place };
  if (more.length === 0 && isAlgorithm(algorithm)) return { place, algorithm };
  const known = Object.keys(SIGNATURE_SCHEMES).join(', ');
  throw new DomainError('key-reference-malformed', `"#${algorithm}" is none of ${known}`);
}

function isAlgorithm(name: string): name is SignatureAlgorithmName {
  return Object.hasOwn(SIGNATURE_SCHEMES, name);
}
