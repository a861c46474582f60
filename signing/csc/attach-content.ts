import * as asn1 from '../../pki/der/encode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { CMS } from '../../pki/oid.ts';

/**
 * A detached signature made an enveloping one: the same signed attributes, beside the content whose hash they hold (RFC 5652 §5.2).
 * The caller has compared the hash.
 */
export function attachContent(detached: Uint8Array, content: Uint8Array): Buffer {
  const contentInfo = openWhole(detached);
  contentInfo.read(TAG.oid);
  const signedData = contentInfo.into(context(0)).into(TAG.sequence);
  const [version, digestAlgorithms] = [signedData.next().bytes, signedData.next().bytes];
  signedData.read(TAG.sequence);
  const encapsulated = asn1.sequence(asn1.oid(CMS.data), asn1.explicit(0, asn1.octetString(content)));
  return asn1.sequence(
    asn1.oid(CMS.signedData),
    asn1.explicit(0, asn1.sequence(version, digestAlgorithms, encapsulated, signedData.rest)),
  );
}
