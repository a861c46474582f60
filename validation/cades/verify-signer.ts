import type { Certificate } from '../../pki/certificate.ts';
import { signerAlgorithms, verifySignerInfo } from '../../pki/cms/verify-signer-info.ts';
import type { SignerVerification } from '../../pki/cms/verify-signer-info.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { contentMissing, notVerifiable, signerKeyOf } from '../verify-signature.ts';
import type { CryptographicResult } from '../verify-signature.ts';

const TEXTS: Record<Exclude<SignerVerification['outcome'], 'valid'>, string> = {
  'content-digest-differs': 'the content is not what was signed: its digest differs from the signed one',
  'signature-wrong': "the signature value does not verify with the signer's key",
  'algorithm-protection-differs': 'the algorithms are not those that the signer protected (RFC 6211)',
  'attributes-stripped': 'the content consists of signed attributes: they were cut out of another signature',
  'attributes-malformed': 'the signed attributes are not as RFC 5652 demands',
  'algorithm-unsupported': 'an algorithm is not supported',
};

/** Verifies a CMS signer (ETSI EN 319 102-1 §5.2.7): the digest of the content, then the signature value. */
export function verifySigner(
  signer: SignerInfo,
  signed: { contentType: string | undefined; content: Uint8Array | undefined },
  certificate: Certificate,
): CryptographicResult {
  const { contentType, content } = signed;
  if (!content) return contentMissing();
  const key = signerKeyOf(certificate);
  if (!key) return notVerifiable("the signer's public key cannot be read");
  const result = verifySignerInfo(signer, { contentType, content }, key);
  if (result.outcome === 'algorithm-unsupported') return notVerifiable(result.detail);
  const algorithms = algorithmsOf(signer);
  const known = algorithms && { algorithms };
  if (result.outcome === 'valid') return { verdict: 'PASSED', ...known, reasons: [] };
  const detail = 'detail' in result ? `: ${result.detail}` : '';
  const reason = { code: result.outcome, text: TEXTS[result.outcome] + detail };
  return { verdict: 'FAILED', ...known, reasons: [reason] };
}

/** Digest and scheme of a signer; undefined: they are unknown to us, or cannot be read. */
export function algorithmsOf(signer: SignerInfo): CryptographicResult['algorithms'] {
  try {
    return signerAlgorithms(signer);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}
