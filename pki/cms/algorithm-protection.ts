import { Cursor, openWhole } from '../der/decode.ts';
import { TAG, context } from '../der/tag.ts';
import { CMS } from '../oid.ts';
import { valuesOf } from './attribute.ts';
import type { SignerInfo } from './signer-info.ts';

/**
 * Whether CMSAlgorithmProtection, where the signer has set it, names the algorithms that the SignerInfo uses
 * (RFC 6211 §2): nobody has swapped them for weaker ones. Throws PkiError `der-malformed`.
 */
export function algorithmsAreAsProtected(signer: SignerInfo): boolean {
  const values = valuesOf(signer.signedAttributes?.list ?? [], CMS.cmsAlgorithmProtection);
  return values.every((value) => {
    const protection = openWhole(value, TAG.sequence, 'ber');
    const digestAlgorithm = protection.read(TAG.sequence).content;
    const signatureAlgorithm = protection.readOptional(context(1))?.content;
    return (
      sameAlgorithm(digestAlgorithm, signer.digestAlgorithm.bytes) &&
      signatureAlgorithm !== undefined &&
      sameAlgorithm(signatureAlgorithm, signer.signatureAlgorithm.bytes)
    );
  });
}

const NULL_PARAMETERS = Buffer.from([TAG.null, 0]);

/** Compares an AlgorithmIdentifier's contents with a whole one; absent parameters and NULL are the same (RFC 5754 §2). */
function sameAlgorithm(contents: Buffer, whole: Buffer): boolean {
  const a = new Cursor(contents, 'ber');
  const b = openWhole(whole, TAG.sequence, 'ber');
  return a.next().bytes.equals(b.next().bytes) && withoutNull(a.rest).equals(withoutNull(b.rest));
}

function withoutNull(parameters: Buffer): Buffer {
  return parameters.equals(NULL_PARAMETERS) ? parameters.subarray(0, 0) : parameters;
}
