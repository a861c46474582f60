import type { KeyObject } from 'node:crypto';

import { publicKeyOf } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/pki-error.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import type { SignatureScheme } from '../pki/signature-algorithm.ts';
import type { Reason } from './reason.ts';

/** Whether the signature is genuine, whoever made it. NOT_CHECKED: something it takes was not to be had. */
export type CryptographicVerdict = 'PASSED' | 'FAILED' | 'NOT_CHECKED';

/** What came of the cryptographic verification (ETSI EN 319 102-1 §5.2.7) of a signature in any format. */
export interface CryptographicResult {
  verdict: CryptographicVerdict;
  /** Absent when they are unknown to us. */
  algorithms?: { digest: DigestName; scheme: SignatureScheme };
  reasons: Reason[];
}

/** The result where the document of a detached signature was not handed in. */
export function contentMissing(): CryptographicResult {
  const text = 'the signature is detached and its content was not handed in';
  return { verdict: 'NOT_CHECKED', reasons: [{ code: 'content-missing', text }] };
}

/** The result where an algorithm or a key is none that we can verify with. */
export function notVerifiable(detail: string): CryptographicResult {
  const text = `an algorithm is not supported: ${detail}`;
  return { verdict: 'NOT_CHECKED', reasons: [{ code: 'algorithm-unsupported', text }] };
}

/** The signer's key; undefined: it cannot be read. */
export function signerKeyOf(certificate: Certificate): KeyObject | undefined {
  try {
    return publicKeyOf(certificate);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}

/** One of several signatures that failed fails them all; one that was not checked leaves them open. */
export function gravestCryptographic(verdicts: readonly CryptographicVerdict[]): CryptographicVerdict {
  if (verdicts.includes('FAILED')) return 'FAILED';
  return verdicts.length === 0 || verdicts.includes('NOT_CHECKED') ? 'NOT_CHECKED' : 'PASSED';
}
