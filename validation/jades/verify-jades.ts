import type { KeyObject } from 'node:crypto';

import { jwsAlgorithmOf, verifyJws } from '../../formats/jws/jws-algorithm.ts';
import type { JwsSignature } from '../../formats/jws/jws.ts';
import { memberOf } from '../../formats/jws/json-value.ts';
import type { SignedData } from '../../formats/jws/signed-data.ts';
import { signingInput } from '../../formats/jws/signing-input.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { Reason } from '../reason.ts';
import type { CryptographicResult } from '../verify-signature.ts';

/** Verifies the digests of `sigD` and the signature value (RFC 7515 §5.2, ETSI TS 119 182-1 §5.2.8). */
export function verifyJades(
  signature: JwsSignature,
  data: SignedData,
  certificate: Certificate,
): CryptographicResult {
  const key = keyOf(certificate);
  if (!key) return unsupported("the signer's public key cannot be read");
  const alg = memberOf(signature.protectedHeader, 'alg');
  const algorithm = jwsAlgorithmOf(alg, key);
  if (!algorithm)
    return unsupported(`${JSON.stringify(alg) ?? 'no algorithm'} is no digital signature of JWS`);
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

function missing({ missing: names }: SignedData): Reason {
  const named = names.filter((name) => name !== '');
  const text = 'the signature is detached and its content was not handed in';
  return { code: 'content-missing', text: named.length > 0 ? `${text}: ${named.join(', ')}` : text };
}

/** The certificate's key, where it can be read. */
export function keyOf(certificate: Certificate): KeyObject | undefined {
  try {
    return publicKeyOf(certificate);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}

function unsupported(detail: string): CryptographicResult {
  const text = `an algorithm is not supported: ${detail}`;
  return { verdict: 'NOT_CHECKED', reasons: [{ code: 'algorithm-unsupported', text }] };
}
