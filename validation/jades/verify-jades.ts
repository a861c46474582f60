import { jwsAlgorithmOf, verifyJws } from '../../formats/jws/jws-algorithm.ts';
import type { JwsSignature } from '../../formats/jws/jws.ts';
import { memberOf } from '../../formats/jws/json-value.ts';
import type { SignedData } from '../../formats/jws/signed-data.ts';
import { signingInput } from '../../formats/jws/signing-input.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Reason } from '../reason.ts';
import { contentMissing, notVerifiable, signerKeyOf } from '../verify-signature.ts';
import type { CryptographicResult } from '../verify-signature.ts';

/** Verifies the digests of `sigD` and the signature value (RFC 7515 §5.2, ETSI TS 119 182-1 §5.2.8). */
export function verifyJades(
  signature: JwsSignature,
  data: SignedData,
  certificate: Certificate,
): CryptographicResult {
  const key = signerKeyOf(certificate);
  if (!key) return notVerifiable("the signer's public key cannot be read");
  const alg = memberOf(signature.protectedHeader, 'alg');
  const algorithm = jwsAlgorithmOf(alg, key);
  if (!algorithm)
    return notVerifiable(`${JSON.stringify(alg) ?? 'no algorithm'} is no digital signature of JWS`);
  const algorithms = { digest: algorithm.digest, scheme: algorithm.scheme };
  if (data.differing.length > 0) {
    const text = `not what was signed, by its digest: ${data.differing.join(', ')}`;
    return { verdict: 'FAILED', algorithms, reasons: [{ code: 'content-digest-differs', text }] };
  }
  const octets = data.payload && signingInput(signature.protectedText, data.payload);
  if (octets && !verifyJws(algorithm, key, { octets, signature: signature.signature })) {
    const text = "the signature value does not verify with the signer's key";
    return { verdict: 'FAILED', algorithms, reasons: [{ code: 'signature-wrong', text }] };
  }
  if (octets && data.missing.length === 0) return { verdict: 'PASSED', algorithms, reasons: [] };
  return { verdict: 'NOT_CHECKED', algorithms, reasons: [missing(data)] };
}

/** Says which, where they have names. */
function missing({ missing: names }: SignedData): Reason {
  const [{ code, text }] = contentMissing().reasons;
  const named = names.filter((name) => name !== '');
  return { code, text: named.length > 0 ? `${text}: ${named.join(', ')}` : text };
}
