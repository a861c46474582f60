import { openWhole } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { bitOctetsOf } from '../../pki/der/values.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import {
  SIGNATURE_SCHEMES,
  signatureAlgorithmIdentifier,
  verifySignature,
} from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import type { Authority } from '../authority/authority.ts';
import { CaError } from '../ca-error.ts';

/**
 * Steps 5 and 6 of issuing: signs the TBS bytes, takes the certificate that came of it apart again, compares its TBS with the
 * one that was linted and verifies its signature with the issuer's certificate. Returns the certificate (DER).
 * Throws CaError `signature-wrong`.
 */
export async function signTbsCertificate(
  tbsCertificate: Buffer,
  { id, certificate: issuer, signer }: Pick<Authority, 'id' | 'certificate' | 'signer'>,
): Promise<Buffer> {
  const algorithm = signatureAlgorithmIdentifier(signer.algorithm);
  // A key in this process signs at once: no promise and no turn of the event loop for each of thousands.
  const made = signer.signNow ? signer.signNow(tbsCertificate) : await signer.sign(tbsCertificate);
  const bytes = encodeSigned(tbsCertificate, algorithm, made);
  // Only the outer SEQUENCE is read: what is inside the TBS was read by the lints, and these are the same bytes.
  const outer = openWhole(bytes);
  const signedTbs = outer.read(TAG.sequence).bytes;
  const signedAlgorithm = outer.read(TAG.sequence).bytes;
  const signature = bitOctetsOf(outer.read(TAG.bitString));
  outer.end();
  const isRight =
    signedTbs.equals(tbsCertificate) &&
    signedAlgorithm.equals(algorithm) &&
    verifySignature(SIGNATURE_SCHEMES[signer.algorithm], publicKeyOf(issuer), signedTbs, signature);
  if (!isRight) throw new CaError('signature-wrong', `the key of ${id} did not sign what was linted`);
  return bytes;
}
