import { FormatError } from '../format-error.ts';
import { base64Of } from './decode-base64.ts';
import { NAMESPACE } from './namespaces.ts';
import { attributeNamed, childElements, childNamed, isNamed } from './xml-node.ts';
import type { XmlElement } from './xml-node.ts';

/** A ds:Signature (XML Signature 1.1 §4) as read; algorithms stay elements, for an unknown one is no defect of form. */
export interface XmlSignature {
  element: XmlElement;
  id: string | undefined;
  signedInfo: XmlElement;
  canonicalizationMethod: XmlElement;
  signatureMethod: XmlElement;
  references: readonly XmlReference[];
  signatureValue: XmlElement;
  value: Buffer;
  keyInfo: XmlElement | undefined;
  objects: readonly XmlElement[];
}

export interface XmlReference {
  element: XmlElement;
  id: string | undefined;
  /** Undefined: whoever validates knows what it is. */
  uri: string | undefined;
  type: string | undefined;
  transforms: XmlElement | undefined;
  digestMethod: XmlElement;
  digestValue: Buffer;
}

/** A container has a reference for each of its files. */
const REFERENCES_MAX = 1_000;
const OBJECTS_MAX = 100;

/** Reads a ds:Signature; throws FormatError `xml-malformed` for anything that its schema does not have. */
export function readXmlSignature(element: XmlElement): XmlSignature {
  const [signedInfo, signatureValue, ...rest] = childElements(element);
  const [keyInfo, objects] =
    rest[0] && isNamed(rest[0], NAMESPACE.signature, 'KeyInfo')
      ? [rest[0], rest.slice(1)]
      : [undefined, rest];
  assertNamed(signedInfo, 'SignedInfo');
  assertNamed(signatureValue, 'SignatureValue');
  for (const object of objects) assertNamed(object, 'Object');
  if (objects.length > OBJECTS_MAX) throw malformed(`more than ${OBJECTS_MAX} Objects`);
  const [canonicalizationMethod, signatureMethod, ...references] = childElements(signedInfo);
  assertNamed(canonicalizationMethod, 'CanonicalizationMethod');
  assertNamed(signatureMethod, 'SignatureMethod');
  if (references.length === 0) throw malformed('SignedInfo without a Reference');
  if (references.length > REFERENCES_MAX) throw malformed(`more than ${REFERENCES_MAX} References`);
  return {
    element,
    id: attributeNamed(element, 'Id'),
    signedInfo,
    canonicalizationMethod,
    signatureMethod,
    references: references.map(readReference),
    signatureValue,
    value: base64Of(signatureValue),
    keyInfo,
    objects,
  };
}

function readReference(element: XmlElement): XmlReference {
  assertNamed(element, 'Reference');
  const children = childElements(element);
  const transforms = childNamed(element, NAMESPACE.signature, 'Transforms');
  const [digestMethod, digestValue, ...more] = transforms ? children.slice(1) : children;
  if (transforms && children[0] !== transforms) throw malformed('Reference with Transforms out of place');
  assertNamed(digestMethod, 'DigestMethod');
  assertNamed(digestValue, 'DigestValue');
  if (more.length > 0) throw malformed('Reference with more than a DigestValue');
  return {
    element,
    id: attributeNamed(element, 'Id'),
    uri: attributeNamed(element, 'URI'),
    type: attributeNamed(element, 'Type'),
    transforms,
    digestMethod,
    digestValue: base64Of(digestValue),
  };
}

function assertNamed(element: XmlElement | undefined, localName: string): asserts element is XmlElement {
  if (!element || !isNamed(element, NAMESPACE.signature, localName)) throw malformed(`${localName} expected`);
}

function malformed(detail: string): FormatError {
  return new FormatError('xml-malformed', detail);
}
