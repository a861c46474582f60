import { canonicalize } from '../../formats/xml/canonicalize.ts';
import { FormatError } from '../../formats/format-error.ts';
import { decodeBase64 } from '../../formats/xml/decode-base64.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { attributeNamed, childElements, isNamed, isWithin, textOf } from '../../formats/xml/xml-node.ts';
import type { XmlElement } from '../../formats/xml/xml-node.ts';
import type { XmlSignature } from '../../formats/xml/xml-signature.ts';
import type { SignaturePackaging, SignedContent } from '../presented-signature.ts';
import type { CheckedReference } from './check-references.ts';
import { mediaTypeOf } from '../../formats/xml/qualifying-properties.ts';
import type { QualifyingProperties } from '../../formats/xml/qualifying-properties.ts';

/** The octets that the signature covers: rules look into these and never into the document that was handed in. */
export function signedContents(
  checked: readonly CheckedReference[],
  properties: QualifyingProperties | undefined,
): SignedContent[] {
  return checked.flatMap(({ role, reference, resolved }) => {
    if (role !== 'content' || !resolved) return [];
    const { target, canonicalization, octets } = resolved;
    const isObject = target?.kind === 'element' && isNamed(target, NAMESPACE.signature, 'Object');
    const content = isObject && canonicalization ? contentOfObject(target) : { bytes: octets };
    const mediaType =
      (properties && mediaTypeOf(properties, reference.id)) ??
      content.mediaType ??
      (canonicalization ? 'application/xml' : undefined);
    return [
      {
        bytes: content.bytes,
        ...(mediaType !== undefined && { mediaType }),
        ...(reference.uri && { name: reference.uri }),
      },
    ];
  });
}

const BASE64_ENCODING = `${NAMESPACE.signature}base64`;

/** What an Object holds: an element as canonical XML, or text, which may be base64 (XML Signature §4.6). */
function contentOfObject(object: XmlElement): SignedContent {
  const mediaType = attributeNamed(object, 'MimeType');
  const elements = childElements(object);
  if (elements.length === 1) {
    const bytes = canonicalize({ apex: elements[0] }, { kind: 'exclusive', comments: false });
    return { bytes, mediaType: mediaType ?? 'application/xml' };
  }
  const bytes = elements.length > 1 ? canonicalizedWhole(object) : textBytes(object);
  return { bytes, ...(mediaType !== undefined && { mediaType }) };
}

function canonicalizedWhole(object: XmlElement): Buffer {
  return canonicalize({ apex: object }, { kind: 'exclusive', comments: false });
}

function textBytes(object: XmlElement): Buffer {
  const text = textOf(object);
  if (attributeNamed(object, 'Encoding') !== BASE64_ENCODING) return Buffer.from(text);
  try {
    return decodeBase64(text, 'Object');
  } catch (cause) {
    // Signed is the text, whatever it says of itself.
    if (!(cause instanceof FormatError)) throw cause;
    return Buffer.from(text);
  }
}

/** Where what is signed stands: around the signature, within it, or elsewhere. */
export function packagingOf(
  signature: XmlSignature,
  checked: readonly CheckedReference[],
): SignaturePackaging {
  const targets = checked.flatMap(({ role, resolved }) => (role === 'content' && resolved?.target) || []);
  const { element } = signature;
  if (
    targets.some((target) => target.kind === 'document' || (target !== element && isWithin(element, target)))
  )
    return 'enveloped';
  const isWithinOwn = targets.some((target) => target.kind === 'element' && isWithin(target, element));
  return isWithinOwn ? 'enveloping' : 'detached';
}
