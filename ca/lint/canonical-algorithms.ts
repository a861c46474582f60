import { SIGNATURE_SCHEMES, signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';

const encodings: ReadonlySet<string> = new Set(
  Object.keys(SIGNATURE_SCHEMES).map((name) =>
    signatureAlgorithmIdentifier(name as SignatureAlgorithmName).toString('latin1'),
  ),
);

/** Whether an AlgorithmIdentifier is, octet for octet, one of those we sign with; none of them uses SHA-1. */
export function isCanonicalAlgorithm(identifier: Buffer): boolean {
  return encodings.has(identifier.toString('latin1'));
}
