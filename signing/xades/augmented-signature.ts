import { encodeXml, withAppended } from '../../formats/xml/edit-xml-text.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { parseXml } from '../../formats/xml/parse-xml.ts';
import { findQualifyingProperties } from '../../formats/xml/qualifying-properties.ts';
import type { QualifyingProperties } from '../../formats/xml/qualifying-properties.ts';
import { ReadingBudget } from '../../formats/xml/resolve-reference.ts';
import type { StampedSignature } from '../../formats/xml/xades-imprints.ts';
import { XmlIds } from '../../formats/xml/xml-ids.ts';
import { childNamed, isNamed } from '../../formats/xml/xml-node.ts';
import type { XmlDocument, XmlElement } from '../../formats/xml/xml-node.ts';
import { readXmlSignature } from '../../formats/xml/xml-signature.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import type { MaterialSource, SignatureLevel, TimeStamper } from '../signature-level.ts';
import { SigningError } from '../signing-error.ts';

/** Finds what is signed outside of a document. */
export type OutsideContents = (uri: string | undefined) => Uint8Array | undefined;

export interface XadesAugmentation {
  level: SignatureLevel;
  timeStamper: TimeStamper;
  material: MaterialSource;
  /** Of the time stamps; SHA-256 where nothing is said. */
  digest?: DigestName;
  /** What is signed outside of the document, which archive time stamps are over: of the one Reference that leads there. */
  content?: Buffer;
  /** The same where there are several, by the URIs of their References. */
  contents?: OutsideContents;
}

/** A XAdES signature that properties are added to. */
export interface AugmentedSignature extends StampedSignature {
  document: XmlDocument;
}

/** Reads one signature of a document by its Id; throws SigningError `augmentation-not-possible` when it is no XAdES. */
export function readAugmented(
  bytes: Buffer,
  signatureId: string,
  { contents, content }: Pick<XadesAugmentation, 'content' | 'contents'>,
): AugmentedSignature {
  const document = parseXml(bytes);
  const ids = new XmlIds(document);
  const signature = readXmlSignature(ids.resolve(signatureId));
  const properties = findQualifyingProperties(signature);
  if (!properties)
    throw new SigningError(
      'augmentation-not-possible',
      'an XML signature without qualifying properties is no XAdES',
    );
  const external = contents ?? (() => content);
  const context = { document, ids, signature: signature.element, external, budget: new ReadingBudget() };
  return { document, signature, properties, context };
}

export function unsignedNamed(
  { unsigned }: QualifyingProperties,
  namespace: string,
  localName: string,
): XmlElement[] {
  return unsigned.filter((property) => isNamed(property, namespace, localName));
}

/**
 * The document with an unsigned property added after all others, as time stamps are over what stands before them. The markup
 * declares its own namespaces: whoever made the signature may have called them anything.
 */
export function withUnsignedProperty({ document, properties }: AugmentedSignature, markup: string): Buffer {
  const declared = `xmlns:xades="${NAMESPACE.xades}"`;
  const list = `<xades:UnsignedSignatureProperties ${declared}>${markup}</xades:UnsignedSignatureProperties>`;
  const whole = `<xades:UnsignedProperties ${declared}>${list}</xades:UnsignedProperties>`;
  const unsigned = childNamed(properties.element, NAMESPACE.xades, 'UnsignedProperties');
  const existing = childNamed(unsigned, NAMESPACE.xades, 'UnsignedSignatureProperties');
  const [parent, added] = existing
    ? [existing, markup]
    : unsigned
      ? [unsigned, list]
      : [properties.element, whole];
  return encodeXml(withAppended(document.text, parent, added));
}
