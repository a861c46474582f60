import { FormatError } from '../format-error.ts';
import { base64Of } from './decode-base64.ts';
import { NAMESPACE } from './namespaces.ts';
import { childElements, elementsWithin, isNamed } from './xml-node.ts';
import type { XmlElement } from './xml-node.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { PkiError } from '../../pki/pki-error.ts';

/** Certificates and statuses that came along with a signature. */
export interface EmbeddedMaterial {
  certificates: Certificate[];
  revocation: EmbeddedRevocation[];
}

const CERTIFICATES_MAX = 128;
const REVOCATIONS_MAX = 128;

/** X509Certificate of a KeyInfo (XML Signature §4.5.4). */
export function keyInfoCertificates(keyInfo: XmlElement | undefined): Certificate[] {
  const elements = (keyInfo ? childElements(keyInfo) : [])
    .filter((child) => isNamed(child, NAMESPACE.signature, 'X509Data'))
    .flatMap((data) => childElements(data))
    .filter((child) => isNamed(child, NAMESPACE.signature, 'X509Certificate'));
  return readAll(elements, CERTIFICATES_MAX, parseCertificate);
}

/**
 * What properties hold that carry certificates and statuses (ETSI EN 319 132-1 §5.4): CertificateValues, RevocationValues,
 * TimeStampValidationData, AnyValidationData and those of attribute authorities, which differ in their wrapping alone.
 */
export function materialOf(properties: readonly XmlElement[]): EmbeddedMaterial {
  const elements = properties.filter(carriesMaterial).flatMap((property) => [...elementsWithin(property)]);
  const named = (localName: string) =>
    elements.filter((element) => isNamed(element, NAMESPACE.xades, localName));
  const revocation = (localName: string, kind: EmbeddedRevocation['kind']) =>
    readAll(named(localName), REVOCATIONS_MAX, (bytes): EmbeddedRevocation => ({ kind, bytes }));
  return {
    certificates: readAll(named('EncapsulatedX509Certificate'), CERTIFICATES_MAX, parseCertificate),
    revocation: [
      ...revocation('EncapsulatedCRLValue', 'crl'),
      ...revocation('EncapsulatedOCSPValue', 'ocsp-response'),
    ],
  };
}

const MATERIAL = new Set([
  'CertificateValues',
  'RevocationValues',
  'AttrAuthoritiesCertValues',
  'AttributeRevocationValues',
  'TimeStampValidationData',
  'AnyValidationData',
]);

function carriesMaterial({ namespace, localName }: XmlElement): boolean {
  return (namespace === NAMESPACE.xades || namespace === NAMESPACE.xades141) && MATERIAL.has(localName);
}

/** What cannot be read is passed over: it does not spoil the signature, nor does it prove anything. */
function readAll<Value>(
  elements: readonly XmlElement[],
  countMax: number,
  read: (bytes: Buffer) => Value,
): Value[] {
  if (elements.length > countMax)
    throw new FormatError('xml-malformed', `more than ${countMax} ${elements[0].localName}`);
  return elements.flatMap((element) => {
    try {
      return [read(base64Of(element))];
    } catch (cause) {
      if (!(cause instanceof PkiError) && !(cause instanceof FormatError)) throw cause;
      return [];
    }
  });
}
