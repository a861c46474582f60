import { FormatError } from '../../formats/format-error.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { attributeNamed, childNamed, isNamed } from '../../formats/xml/xml-node.ts';
import type { XmlDocument, XmlElement } from '../../formats/xml/xml-node.ts';
import { readXmlSignature } from '../../formats/xml/xml-signature.ts';
import type { XmlSignature } from '../../formats/xml/xml-signature.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { brokenSignature } from '../broken-signature.ts';
import type { PresentedSignature, PresentedTimeStamp } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import { checkReferences, reasonOf, referenceContext } from './check-references.ts';
import type { CheckedReference } from './check-references.ts';
import { keyInfoCertificates, materialOf } from '../../formats/xml/embedded-material.ts';
import { claimedTimeOf, findQualifyingProperties } from '../../formats/xml/qualifying-properties.ts';
import type { QualifyingProperties } from '../../formats/xml/qualifying-properties.ts';
import { signedPropertiesOf } from './signed-properties.ts';
import { packagingOf, signedContents } from './signed-contents.ts';
import { algorithmsOf, isSignedByKeyOf, verifyXmlSignature } from './verify-xml-signature.ts';
import type { SignaturePlace, XadesHouse } from './xades-house.ts';
import { findSigningCertificate } from './xades-signing-certificate.ts';
import { readTimeStamps } from './xades-time-stamps.ts';

/** A signature as presented, and what its document wants to know of it. */
export interface ReadXmlSignature {
  presented: PresentedSignature;
  /** Of this document, what it signs. */
  targets: readonly (XmlElement | XmlDocument)[];
  signatureValue?: XmlElement;
  /** SignatureValue of the signature that it countersigns from outside. */
  counterSigns?: XmlElement;
  /** Those of `presented`, to be added to. */
  counterSignatures: PresentedSignature[];
}

/** Countersignatures of countersignatures: nobody has more than one. */
const COUNTER_DEPTH_MAX = 4;

interface Reading {
  house: XadesHouse;
  /** Stands in for an Id. */
  position: string;
  depth?: number;
}

/** Reads one ds:Signature; what is wrong with it becomes a reason, and the document's other signatures stand by themselves. */
export function presentXmlSignature(place: SignaturePlace, reading: Reading): ReadXmlSignature {
  try {
    reading.house.budget.countSignature();
    return presentSound(readXmlSignature(place.element), place, reading);
  } catch (cause) {
    if (!(cause instanceof FormatError) && !(cause instanceof PkiError)) throw cause;
    return presentBroken(place, reading, reasonOf(cause));
  }
}

function presentSound(signature: XmlSignature, place: SignaturePlace, reading: Reading): ReadXmlSignature {
  const { house, position } = reading;
  const properties = findQualifyingProperties(signature);
  const checked = checkReferences(signature, properties, house);
  const reasons = [...formReasons(checked, properties), ...counterSignatureReasons(checked, place)];
  const keyInfo = keyInfoCertificates(signature.keyInfo);
  const material = materialOf(properties?.unsigned ?? []);
  const certificates = [...keyInfo, ...material.certificates];
  const isKeyInfoSigned = checked.some(({ role }) => role === 'key-info');
  const signingCertificate = findSigningCertificate({
    candidates: certificates,
    properties,
    signedKeyInfo: isKeyInfoSigned && keyInfo.length === 1 ? keyInfo[0] : undefined,
    verifies: (certificate) => isSignedByKeyOf(signature, certificate),
    signingCertificateReference: house.signingCertificateReference,
  });
  const counterSignatures = readCounterSignatures(signature, properties, reading);
  const claimed = properties && claimedTimeOf(properties);
  const said = properties && signedPropertiesOf(properties);
  const algorithms = algorithmsOf(signature, checked);
  const presented: PresentedSignature = {
    id: signature.id ?? position,
    format: properties ? 'XAdES' : 'XML-DSig',
    packaging: packagingOf(signature, checked),
    ...(claimed && { claimedSigningTime: claimed }),
    ...(algorithms && { algorithms }),
    ...(said && { signedProperties: said }),
    certificates,
    revocation: material.revocation,
    ...signingCertificate,
    verify: (certificate: Certificate) => verifyXmlSignature(signature, checked, certificate),
    timeStamps: timeStampsOf(signature, properties, house),
    counterSignatures,
    contents: signedContents(checked, properties),
    reasons,
  };
  return {
    presented,
    counterSignatures,
    signatureValue: signature.signatureValue,
    ...counterSignsOf(checked),
    targets: checked.flatMap(({ role, resolved }) => (role === 'content' && resolved?.target) || []),
  };
}

function timeStampsOf(
  signature: XmlSignature,
  properties: QualifyingProperties | undefined,
  house: XadesHouse,
): PresentedTimeStamp[] {
  return properties
    ? readTimeStamps({ signature, properties, context: referenceContext(signature, house) })
    : [];
}

/** ETSI EN 319 132-1 §4.4.2: properties that no Reference signs could be anybody's. */
function formReasons(
  checked: readonly CheckedReference[],
  properties: QualifyingProperties | undefined,
): Reason[] {
  const reasons: Reason[] = [];
  const signing = checked.filter(({ role }) => role === 'signed-properties');
  if (properties && signing.length !== 1) {
    const text = `${signing.length} References sign the SignedProperties, expected one`;
    reasons.push({ code: 'signature-malformed', text });
  }
  if (checked.filter(({ reference }) => reference.uri === undefined).length > 1) {
    reasons.push({ code: 'signature-malformed', text: 'more than one Reference without a URI' });
  }
  if (checked.some(({ role }) => role === 'manifest')) {
    const text = 'the signature is over a Manifest: whether what that lists is unchanged was not checked';
    reasons.push({ code: 'content-not-covered', text });
  }
  if (checked.every(({ role }) => role === 'signed-properties' || role === 'key-info')) {
    reasons.push({
      code: 'content-not-covered',
      text: 'the signature is over nothing but its own properties',
    });
  }
  return reasons;
}

function counterSignatureReasons(
  checked: readonly CheckedReference[],
  { counterSigned }: SignaturePlace,
): Reason[] {
  const isSigned = checked.some(({ resolved }) => resolved?.target === counterSigned);
  if (!counterSigned || isSigned) return [];
  const text = 'the countersignature is over something else than the signature that it stands in';
  return [{ code: 'signature-malformed', text }];
}

function counterSignsOf(checked: readonly CheckedReference[]): { counterSigns?: XmlElement } {
  const target = checked.find(({ role }) => role === 'signature-value')?.resolved?.target;
  return target?.kind === 'element' ? { counterSigns: target } : {};
}

function readCounterSignatures(
  { signatureValue }: XmlSignature,
  properties: QualifyingProperties | undefined,
  { house, position, depth = 0 }: Reading,
): PresentedSignature[] {
  const elements = (properties?.unsigned ?? [])
    .filter((property) => isNamed(property, NAMESPACE.xades, 'CounterSignature'))
    .flatMap((property) => childNamed(property, NAMESPACE.signature, 'Signature') ?? []);
  if (elements.length > 0 && depth === COUNTER_DEPTH_MAX)
    throw new FormatError('xml-malformed', `countersignatures deeper than ${COUNTER_DEPTH_MAX}`);
  return elements.map((element, at) => {
    const place = { element, counterSigned: signatureValue };
    const below = { house, position: `${position}.${at + 1}`, depth: depth + 1 };
    return presentXmlSignature(place, below).presented;
  });
}

function presentBroken({ element }: SignaturePlace, { position }: Reading, reason: Reason): ReadXmlSignature {
  const id = attributeNamed(element, 'Id') ?? position;
  const presented = brokenSignature({ id, format: 'XML-DSig', packaging: 'detached' }, reason);
  return { presented, targets: [], counterSignatures: [] };
}
