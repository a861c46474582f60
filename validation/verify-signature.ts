import type { KeyObject } from 'node:crypto';

import { publicKeyOf } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { signerAlgorithms, verifySignerInfo } from '../pki/cms/verify-signer-info.ts';
import type { SignerVerification } from '../pki/cms/verify-signer-info.ts';
import type { SignerInfo } from '../pki/cms/signer-info.ts';
import { PkiError } from '../pki/pki-error.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import type { SignatureScheme } from '../pki/signature-algorithm.ts';
import type { Reason } from './reason.ts';

/** Whether the signature is genuine, whoever made it. NOT_CHECKED: something it takes was not to be had. */
export type CryptographicVerdict = 'PASSED' | 'FAILED' | 'NOT_CHECKED';

export interface CryptographicResult {
  verdict: CryptographicVerdict;
  /** Absent when they are unknown to us. */
  algorithms?: { digest: DigestName; scheme: SignatureScheme };
  reasons: Reason[];
}

const TEXTS: Record<Exclude<SignerVerification['outcome'], 'valid'>, string> = {
  'content-digest-differs': 'the content is not what was signed: its digest differs from the signed one',
  'signature-wrong': "the signature value does not verify with the signer's key",
  'algorithm-protection-differs': 'the algorithms are not those that the signer protected (RFC 6211)',
  'attributes-stripped': 'the content consists of signed attributes: they were cut out of another signature',
  'attributes-malformed': 'the signed attributes are not as RFC 5652 demands',
  'algorithm-unsupported': 'an algorithm is not supported',
};

/** Cryptographic verification (ETSI EN 319 102-1 §5.2.7): the digest of the content, then the signature value. */
export function verifySignature(
  signer: SignerInfo,
  signed: { contentType: string; content: Uint8Array | undefined },
  certificate: Certificate,
): CryptographicResult {
  const { contentType, content } = signed;
  if (!content) {
    const text = 'the signature is detached and its content was not handed in';
    return { verdict: 'NOT_CHECKED', reasons: [{ code: 'content-missing', text }] };
  }
  const key = keyOf(certificate);
  if (!key) return notChecked("the signer's public key cannot be read");
  const result = verifySignerInfo(signer, { contentType, content }, key);
  if (result.outcome === 'algorithm-unsupported') return notChecked(result.detail);
  const algorithms = algorithmsOf(signer);
  if (result.outcome === 'valid') return { verdict: 'PASSED', ...algorithms, reasons: [] };
  const detail = 'detail' in result ? `: ${result.detail}` : '';
  return {
    verdict: 'FAILED',
    ...algorithms,
    reasons: [{ code: result.outcome, text: TEXTS[result.outcome] + detail }],
  };
}

function algorithmsOf(signer: SignerInfo): Pick<CryptographicResult, 'algorithms'> {
  try {
    return { algorithms: signerAlgorithms(signer) };
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return {};
  }
}

function keyOf(certificate: Certificate): KeyObject | undefined {
  try {
    return publicKeyOf(certificate);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}

function notChecked(detail: string): CryptographicResult {
  const text = `${TEXTS['algorithm-unsupported']}: ${detail}`;
  return { verdict: 'NOT_CHECKED', reasons: [{ code: 'algorithm-unsupported', text }] };
}
