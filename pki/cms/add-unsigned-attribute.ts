import { Cursor, openWhole } from '../der/decode.ts';
import { element } from '../der/encode.ts';
import { TAG, context } from '../der/tag.ts';
import { PkiError } from '../pki-error.ts';

/**
 * The same SignedData with one more unsigned attribute of its only signer (RFC 5652 §5.3). Whatever is signed keeps its octets; what
 * is around it gets lengths that are definite. Zeros that follow it are dropped. Throws PkiError `cms-malformed` or `der-malformed`.
 */
export function addUnsignedAttribute(signedData: Uint8Array, attribute: Uint8Array): Buffer {
  const whole = new Cursor(signedData, 'ber').next().bytes;
  const contentInfo = openWhole(whole, TAG.sequence, 'ber');
  const contentType = contentInfo.next().bytes;
  const fields = [...contentInfo.into(context(0)).into(TAG.sequence).elements()].map(({ bytes }) => bytes);
  const signerInfos = openWhole(fields.pop() ?? Buffer.alloc(0), TAG.set, 'ber');
  const signerInfo = withAttribute(signerInfos.into(TAG.sequence), attribute);
  if (!signerInfos.atEnd) throw new PkiError('cms-malformed', 'more than one signer');
  return element(
    TAG.sequence,
    contentType,
    element(context(0), element(TAG.sequence, ...fields, element(TAG.set, signerInfo))),
  );
}

function withAttribute(signerInfo: Cursor, attribute: Uint8Array): Buffer {
  const fields = [...signerInfo.elements()];
  const unsigned = fields.at(-1)?.tag === context(1) ? fields.pop() : undefined;
  const attributes = unsigned ? [...signerInfo.open(unsigned).elements()].map(({ bytes }) => bytes) : [];
  const members = [...attributes, Buffer.from(attribute)].sort(Buffer.compare);
  return element(TAG.sequence, ...fields.map(({ bytes }) => bytes), element(context(1), ...members));
}
