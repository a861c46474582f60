import { FormatError } from '../format-error.ts';
import { canonicalize } from './canonicalize.ts';
import type { CanonicalizationMethod } from './canonicalize.ts';
import { SIGNED_PROPERTIES_TYPE } from './qualifying-properties.ts';
import type { QualifyingProperties } from './qualifying-properties.ts';
import { resolveReference } from './resolve-reference.ts';
import type { ReferenceContext } from './resolve-reference.ts';
import type { XmlElement } from './xml-node.ts';
import type { XmlReference, XmlSignature } from './xml-signature.ts';

// What the time stamps of XAdES are over (ETSI EN 319 132-1 §5.2.8, §5.3, §5.5.2): whoever stamps and whoever validates
// puts the same octets together.

/** A signature with its properties, and its way to what the references are to. */
export interface StampedSignature {
  signature: XmlSignature;
  properties: QualifyingProperties;
  context: ReferenceContext;
}

/** §5.3: the SignatureValue element. */
export function signatureStampOctets(
  { signature }: StampedSignature,
  method: CanonicalizationMethod,
): Buffer[] {
  return [canonicalize({ apex: signature.signatureValue }, method)];
}

/** §5.2.8.1: what all References are to, but the one to SignedProperties, where this stamp itself stands. */
export function allDataObjectsOctets(stamped: StampedSignature, method: CanonicalizationMethod): Buffer[] {
  return stamped.signature.references
    .filter(({ type }) => type !== SIGNED_PROPERTIES_TYPE)
    .map((reference) => referenceOctets(reference, method, stamped));
}

/**
 * §5.5.2.2: what the References are to, SignedInfo, SignatureValue, KeyInfo, the unsigned properties before the stamp, and the
 * Objects without qualifying properties.
 */
export function archiveStampOctets(
  stamped: StampedSignature,
  method: CanonicalizationMethod,
  earlier: readonly XmlElement[],
): Buffer[] {
  const { signature, properties } = stamped;
  const { signedInfo, signatureValue, keyInfo, objects } = signature;
  return [
    ...signature.references.map((reference) => referenceOctets(reference, method, stamped)),
    ...[
      signedInfo,
      signatureValue,
      ...(keyInfo ? [keyInfo] : []),
      ...earlier,
      ...objects.filter((object) => object !== properties.element.parent),
    ].map((apex) => elementOctets(apex, method, stamped)),
  ];
}

/** Throws FormatError `xml-malformed` for content that was not handed in. */
export function referenceOctets(
  reference: XmlReference,
  method: CanonicalizationMethod,
  { context }: StampedSignature,
): Buffer {
  const resolved = resolveReference(reference, context, method);
  if (!resolved) throw new FormatError('xml-malformed', 'a time stamp over content that was not handed in');
  return resolved.octets;
}

/** Each archive time stamp is over all earlier ones: their number would be squared. */
function elementOctets(
  apex: XmlElement,
  method: CanonicalizationMethod,
  { context }: StampedSignature,
): Buffer {
  context.budget.spend(0);
  const octets = canonicalize({ apex }, method);
  context.budget.spend(octets.length);
  return octets;
}
