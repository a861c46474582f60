import { base64Of } from '../../formats/xml/decode-base64.ts';
import { keyInfoCertificates, materialOf } from '../../formats/xml/embedded-material.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { childrenNamed } from '../../formats/xml/xml-node.ts';
import type { XmlElement } from '../../formats/xml/xml-node.ts';
import type { ValidationMaterial } from '../signature-level.ts';
import { stamperOf } from '../stamper-of-token.ts';
import { readAugmented, unsignedNamed, withUnsignedProperty } from './augmented-signature.ts';
import { signerOf } from './assert-genuine.ts';
import type { AugmentedSignature, XadesAugmentation } from './augmented-signature.ts';

/** CertificateValues and RevocationValues (ETSI EN 319 132-1 §5.4) for the signer and the time stamps so far, where there are none. */
export async function addValidationMaterial(
  document: Buffer,
  signatureId: string,
  augmentation: XadesAugmentation,
): Promise<Buffer> {
  const signature = readAugmented(document, signatureId, augmentation);
  if (unsignedNamed(signature.properties, NAMESPACE.xades, 'RevocationValues').length > 0) return document;
  const stamps = timeStampsOf(signature).map((token) => stamperOf(token));
  const subjects = [signerOf(signature), ...stamps.map(({ certificate }) => certificate)];
  const embedded = [
    ...keyInfoCertificates(signature.signature.keyInfo),
    ...stamps.flatMap((one) => one.embedded),
  ];
  const material = await augmentation.material.materialFor(subjects, embedded);
  return withUnsignedProperty(signature, valuesMarkup(missingFrom(signature, material)));
}

/** TimeStampValidationData (§5.5.1) for the last archive time stamp; before the first one there is nothing to add. */
export async function addTimeStampMaterial(
  document: Buffer,
  signatureId: string,
  augmentation: XadesAugmentation,
): Promise<Buffer> {
  const signature = readAugmented(document, signatureId, augmentation);
  const last = unsignedNamed(signature.properties, NAMESPACE.xades141, 'ArchiveTimeStamp').at(-1);
  if (!last) return document;
  const stamps = tokensOf(last).map((token) => stamperOf(token));
  const subjects = stamps.map(({ certificate }) => certificate);
  const embedded = stamps.flatMap((stamp) => stamp.embedded);
  const material = await augmentation.material.materialFor(subjects, embedded);
  const values = valuesMarkup(missingFrom(signature, material));
  if (values === '') return document;
  const opening = `<xades141:TimeStampValidationData xmlns:xades141="${NAMESPACE.xades141}">`;
  return withUnsignedProperty(signature, `${opening}${values}</xades141:TimeStampValidationData>`);
}

function timeStampsOf({ properties }: AugmentedSignature): Buffer[] {
  return properties.unsigned
    .filter(({ localName }) => localName === 'SignatureTimeStamp' || localName === 'ArchiveTimeStamp')
    .flatMap(tokensOf);
}

function tokensOf(property: XmlElement): Buffer[] {
  return childrenNamed(property, NAMESPACE.xades, 'EncapsulatedTimeStamp').map(base64Of);
}

/** What is in the signature already is not added again. */
function missingFrom(
  { signature, properties }: AugmentedSignature,
  material: ValidationMaterial,
): ValidationMaterial {
  const there = materialOf(properties.unsigned);
  const known = [
    ...[...keyInfoCertificates(signature.keyInfo), ...there.certificates].map(({ bytes }) => bytes),
    ...there.revocation.map(({ bytes }) => bytes),
  ];
  const isMissing = (bytes: Buffer) => !known.some((one) => one.equals(bytes));
  return {
    certificates: material.certificates.filter(isMissing),
    crls: material.crls.filter(isMissing),
    ocspResponses: material.ocspResponses.filter(isMissing),
  };
}

function valuesMarkup({ certificates, crls, ocspResponses }: ValidationMaterial): string {
  const declared = `xmlns:xades="${NAMESPACE.xades}"`;
  const revocation =
    list('CRLValues', 'EncapsulatedCRLValue', crls) +
    list('OCSPValues', 'EncapsulatedOCSPValue', ocspResponses);
  return [
    list('CertificateValues', 'EncapsulatedX509Certificate', certificates, ` ${declared}`),
    revocation && `<xades:RevocationValues ${declared}>${revocation}</xades:RevocationValues>`,
  ].join('');
}

function list(name: string, member: string, values: readonly Buffer[], attributes = ''): string {
  if (values.length === 0) return '';
  const members = values.map((bytes) => `<xades:${member}>${bytes.toString('base64')}</xades:${member}>`);
  return `<xades:${name}${attributes}>${members.join('')}</xades:${name}>`;
}
