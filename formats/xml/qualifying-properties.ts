import { FormatError } from '../format-error.ts';
import { base64Of } from './decode-base64.ts';
import { digestOfMethod } from './xml-algorithms.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { NAMESPACE } from './namespaces.ts';
import { attributeNamed, childElements, childNamed, isNamed, textOf } from './xml-node.ts';
import type { XmlElement } from './xml-node.ts';
import type { XmlSignature } from './xml-signature.ts';

/** The properties by which XAdES qualifies a signature (ETSI EN 319 132-1 §4.3, §4.4). */
export interface QualifyingProperties {
  element: XmlElement;
  signed: XmlElement;
  signedSignature: XmlElement | undefined;
  signedDataObject: XmlElement | undefined;
  /** In the order in which they were added. */
  unsigned: readonly XmlElement[];
}

/** The Type by which a Reference says that it signs them (§4.4.2). */
export const SIGNED_PROPERTIES_TYPE = 'http://uri.etsi.org/01903#SignedProperties';

const UNSIGNED_MAX = 200;

/**
 * Finds them in the Objects of a signature; undefined where there are none. Throws FormatError `xml-malformed` for more than one,
 * for those of another signature, and for those that stand elsewhere.
 */
export function findQualifyingProperties(signature: XmlSignature): QualifyingProperties | undefined {
  const found = signature.objects.flatMap((object) =>
    childElements(object).filter(({ namespace }) => namespace === NAMESPACE.xades),
  );
  if (found.length === 0) return undefined;
  const [element, ...more] = found;
  if (more.length > 0 || !isNamed(element, NAMESPACE.xades, 'QualifyingProperties'))
    throw malformed('more than one QualifyingProperties, or such that stand elsewhere');
  if (signature.id === undefined || attributeNamed(element, 'Target') !== `#${signature.id}`)
    throw malformed('QualifyingProperties of another signature');
  return readProperties(element);
}

function readProperties(element: XmlElement): QualifyingProperties {
  const signed = childNamed(element, NAMESPACE.xades, 'SignedProperties');
  if (!signed) throw malformed('QualifyingProperties without SignedProperties');
  const unsigned = childNamed(
    childNamed(element, NAMESPACE.xades, 'UnsignedProperties'),
    NAMESPACE.xades,
    'UnsignedSignatureProperties',
  );
  const properties = unsigned ? childElements(unsigned) : [];
  if (properties.length > UNSIGNED_MAX) throw malformed(`more than ${UNSIGNED_MAX} unsigned properties`);
  return {
    element,
    signed,
    signedSignature: childNamed(signed, NAMESPACE.xades, 'SignedSignatureProperties'),
    signedDataObject: childNamed(signed, NAMESPACE.xades, 'SignedDataObjectProperties'),
    unsigned: properties,
  };
}

const DATE_TIME = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** SigningTime (§5.2.1); one without a time zone is no moment and left out. */
export function claimedTimeOf(properties: QualifyingProperties): Date | undefined {
  const element = childNamed(properties.signedSignature, NAMESPACE.xades, 'SigningTime');
  const text = element && textOf(element).trim();
  if (text === undefined || !DATE_TIME.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Identifier of the signature policy (§5.2.9), or `implied`; undefined: none. */
export function signaturePolicyOf({ signedSignature }: QualifyingProperties): string | undefined {
  const policy = childNamed(signedSignature, NAMESPACE.xades, 'SignaturePolicyIdentifier');
  if (childNamed(policy, NAMESPACE.xades, 'SignaturePolicyImplied')) return 'implied';
  const id = childNamed(policy, NAMESPACE.xades, 'SignaturePolicyId');
  const sigPolicyId = childNamed(id, NAMESPACE.xades, 'SigPolicyId');
  const identifier = childNamed(sigPolicyId, NAMESPACE.xades, 'Identifier');
  return identifier && textOf(identifier).trim();
}

/** Media type that DataObjectFormat gives to what a Reference is to (§5.2.4). */
export function mediaTypeOf(
  { signedDataObject }: QualifyingProperties,
  referenceId: string | undefined,
): string | undefined {
  if (!signedDataObject || referenceId === undefined) return undefined;
  const format = childElements(signedDataObject).find(
    (property) =>
      isNamed(property, NAMESPACE.xades, 'DataObjectFormat') &&
      attributeNamed(property, 'ObjectReference') === `#${referenceId}`,
  );
  const mimeType = childNamed(format, NAMESPACE.xades, 'MimeType');
  return mimeType && textOf(mimeType).trim();
}

/** A certificate by its hash (§5.2.2). */
export interface CertificateHash {
  digest: DigestName;
  hash: Buffer;
}

/**
 * What SigningCertificateV2 and its predecessor say of the signer's certificate: the first entry of each, the others name its
 * issuers. Issuer and serial are a hint and passed over. Throws FormatError, or PkiError `algorithm-unsupported`.
 */
export function signingCertificateHashes({ signedSignature }: QualifyingProperties): CertificateHash[] {
  return ['SigningCertificateV2', 'SigningCertificate'].flatMap((name) => {
    const property = childNamed(signedSignature, NAMESPACE.xades, name);
    return property ? [readCertificateHash(childNamed(property, NAMESPACE.xades, 'Cert'))] : [];
  });
}

function readCertificateHash(cert: XmlElement | undefined): CertificateHash {
  const certDigest = childNamed(cert, NAMESPACE.xades, 'CertDigest');
  const method = childNamed(certDigest, NAMESPACE.signature, 'DigestMethod');
  const value = childNamed(certDigest, NAMESPACE.signature, 'DigestValue');
  if (!method || !value) throw malformed('Cert without CertDigest');
  return { digest: digestOfMethod(method), hash: base64Of(value) };
}

function malformed(detail: string): FormatError {
  return new FormatError('xml-malformed', detail);
}
