import type { CanonicalizationMethod } from '../../formats/xml/canonicalize.ts';
import { FormatError } from '../../formats/format-error.ts';
import { base64Of } from '../../formats/xml/decode-base64.ts';
import { keyInfoCertificates, materialOf } from '../../formats/xml/embedded-material.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { DEFAULT_CANONICALIZATION } from '../../formats/xml/resolve-reference.ts';
import {
  allDataObjectsOctets,
  archiveStampOctets,
  referenceOctets,
  signatureStampOctets,
} from '../../formats/xml/xades-imprints.ts';
import type { StampedSignature } from '../../formats/xml/xades-imprints.ts';
import { requiredCanonicalizationOf } from '../../formats/xml/xml-algorithms.ts';
import {
  attributeNamed,
  childElements,
  childNamed,
  childrenNamed,
  isNamed,
} from '../../formats/xml/xml-node.ts';
import type { XmlElement } from '../../formats/xml/xml-node.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { PresentedTimeStamp, ProtectedMaterial } from '../presented-signature.ts';

const TOKENS_MAX = 64;

/** The time stamps of a signature in the order in which they were added. */
export function readTimeStamps(stamped: StampedSignature): PresentedTimeStamp[] {
  const { signedDataObject, unsigned } = stamped.properties;
  const properties = [...(signedDataObject ? childElements(signedDataObject) : []), ...unsigned];
  const stamps = properties.flatMap((property) => timeStampsOf(property, stamped));
  if (stamps.length > TOKENS_MAX)
    throw new FormatError('xml-malformed', `more than ${TOKENS_MAX} time stamps`);
  return stamps;
}

interface StampKind {
  namespace: string;
  localName: string;
  kind: PresentedTimeStamp['kind'];
  covered(stamped: StampedSignature, method: CanonicalizationMethod, property: XmlElement): Buffer[];
}

const KINDS: readonly StampKind[] = [
  {
    namespace: NAMESPACE.xades,
    localName: 'AllDataObjectsTimeStamp',
    kind: 'content',
    covered: allDataObjectsOctets,
  },
  {
    namespace: NAMESPACE.xades,
    localName: 'IndividualDataObjectsTimeStamp',
    kind: 'content',
    covered: includedReferences,
  },
  {
    namespace: NAMESPACE.xades,
    localName: 'SignatureTimeStamp',
    kind: 'signature',
    covered: signatureStampOctets,
  },
  {
    namespace: NAMESPACE.xades141,
    localName: 'ArchiveTimeStamp',
    kind: 'archive',
    covered: (stamped, method, property) =>
      archiveStampOctets(stamped, method, before(stamped.properties.unsigned, property)),
  },
];

function timeStampsOf(property: XmlElement, stamped: StampedSignature): PresentedTimeStamp[] {
  const kind = kindOf(property);
  if (!kind) return [];
  const protects = kind.kind === 'archive' ? protectedBy(stamped, property) : undefined;
  return tokensOf(property).map((token) => ({
    kind: kind.kind,
    token,
    imprint: (name) => digest(name, ...kind.covered(stamped, methodOf(property), property)),
    ...(protects && { protects }),
  }));
}

function kindOf(property: XmlElement): StampKind | undefined {
  return KINDS.find(({ namespace, localName }) => isNamed(property, namespace, localName));
}

function tokensOf(property: XmlElement): Buffer[] {
  return childrenNamed(property, NAMESPACE.xades, 'EncapsulatedTimeStamp').map(base64Of);
}

/** ETSI EN 319 132-1 §4.5: Canonical XML 1.0 where the property says nothing else. */
function methodOf(property: XmlElement): CanonicalizationMethod {
  const method = childNamed(property, NAMESPACE.signature, 'CanonicalizationMethod');
  return method ? requiredCanonicalizationOf(method) : DEFAULT_CANONICALIZATION;
}

/** §5.2.8.2: the References that it names, in its order. */
function includedReferences(
  stamped: StampedSignature,
  method: CanonicalizationMethod,
  property: XmlElement,
): Buffer[] {
  return childrenNamed(property, NAMESPACE.xades, 'Include').map((include) => {
    const uri = attributeNamed(include, 'URI');
    const named = stamped.signature.references.filter(({ id }) => id !== undefined && `#${id}` === uri);
    if (named.length !== 1)
      throw new FormatError('xml-malformed', 'a time stamp over a Reference that is not there');
    return referenceOctets(named[0], method, stamped);
  });
}

function protectedBy({ signature, properties }: StampedSignature, stamp: XmlElement): ProtectedMaterial {
  const earlier = before(properties.unsigned, stamp);
  const { certificates, revocation } = materialOf(earlier);
  return {
    certificates: [...keyInfoCertificates(signature.keyInfo), ...certificates].map(({ bytes }) => bytes),
    revocation: revocation.map(({ bytes }) => bytes),
    timeStamps: earlier.filter(kindOf).flatMap(tokensOf),
  };
}

function before(properties: readonly XmlElement[], property: XmlElement): readonly XmlElement[] {
  return properties.slice(0, properties.indexOf(property));
}
