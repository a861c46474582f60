import { randomBytes } from 'node:crypto';

import type { CanonicalizationMethod } from '../../formats/xml/canonicalize.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { archiveStampOctets, signatureStampOctets } from '../../formats/xml/xades-imprints.ts';
import { EXCLUSIVE_CANONICALIZATION } from '../../formats/xml/xml-algorithms.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { addTimeStampMaterial } from './add-validation-material.ts';
import { readAugmented, unsignedNamed, withUnsignedProperty } from './augmented-signature.ts';
import type { XadesAugmentation } from './augmented-signature.ts';

const METHOD: CanonicalizationMethod = { kind: 'exclusive', comments: false };

/** SignatureTimeStamp (ETSI EN 319 132-1 §5.3) over the signature value, where there is none. */
export async function addSignatureTimeStamp(
  document: Buffer,
  signatureId: string,
  augmentation: XadesAugmentation,
): Promise<Buffer> {
  const signature = readAugmented(document, signatureId, augmentation);
  if (unsignedNamed(signature.properties, NAMESPACE.xades, 'SignatureTimeStamp').length > 0) return document;
  const token = await stamp(signatureStampOctets(signature, METHOD), augmentation);
  return withUnsignedProperty(signature, timeStampMarkup('xades:SignatureTimeStamp', token));
}

/** ArchiveTimeStamp (§5.5.2) over all that there is, and before it the material to validate the one that was last so far. */
export async function addArchiveTimeStamp(
  document: Buffer,
  signatureId: string,
  augmentation: XadesAugmentation,
): Promise<Buffer> {
  const validatable = await addTimeStampMaterial(document, signatureId, augmentation);
  const signature = readAugmented(validatable, signatureId, augmentation);
  const octets = archiveStampOctets(signature, METHOD, signature.properties.unsigned);
  const token = await stamp(octets, augmentation);
  return withUnsignedProperty(signature, timeStampMarkup('xades141:ArchiveTimeStamp', token));
}

async function stamp(octets: readonly Buffer[], { timeStamper, digest: name = 'sha256' }: XadesAugmentation) {
  return timeStamper.stamp(name, digest(name, ...octets));
}

function timeStampMarkup(name: string, token: Buffer): string {
  const mark = randomBytes(16).toString('hex');
  return [
    `<${name} xmlns:xades="${NAMESPACE.xades}" xmlns:xades141="${NAMESPACE.xades141}"`,
    ` xmlns:ds="${NAMESPACE.signature}" Id="stamp-${mark}">`,
    `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE_CANONICALIZATION}"></ds:CanonicalizationMethod>`,
    `<xades:EncapsulatedTimeStamp Id="token-${mark}">${token.toString('base64')}</xades:EncapsulatedTimeStamp>`,
    `</${name}>`,
  ].join('');
}
