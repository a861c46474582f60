import { canonicalize } from '../../formats/xml/canonicalize.ts';
import { encodeXml, withContents } from '../../formats/xml/edit-xml-text.ts';
import { parseXmlText } from '../../formats/xml/parse-xml.ts';
import { ReadingBudget, resolveReference } from '../../formats/xml/resolve-reference.ts';
import type { ReferenceContext } from '../../formats/xml/resolve-reference.ts';
import { XmlIds } from '../../formats/xml/xml-ids.ts';
import { childNamed } from '../../formats/xml/xml-node.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { readXmlSignature } from '../../formats/xml/xml-signature.ts';
import type { XmlReference } from '../../formats/xml/xml-signature.ts';
import { rawEcdsaValue } from '../../formats/xml/xml-signature-value.ts';
import type { Signer } from '../../keys/signer.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { SIGNATURE_SCHEMES } from '../../pki/signature-algorithm.ts';
import { SigningError } from '../signing-error.ts';
import { placeSignature } from './place-signature.ts';
import type { PlacedSignature } from './place-signature.ts';
import { contentDigestOf } from './signature-markup.ts';
import type { XadesRequest } from './xades-request.ts';

/** A document that lacks its signature value, and the octets that the value is over. */
export interface PreparedXades {
  /** Canonical SignedInfo: a key elsewhere signs these, as whole octets and with the algorithm that was asked for. */
  signedOctets: Buffer;
  document: string;
  /** Where in the document the value goes. */
  valueAt: number;
  /** Of the order of the signer's curve; absent: the algorithm is not ECDSA. */
  ecdsaOctets?: number;
}

/**
 * Signs as XAdES baseline B-B (ETSI EN 319 132-1 §6). Throws SigningError `signer-certificate-mismatch` or `document-format`,
 * FormatError for what is to envelop a signature and is no XML; what the signer rejects with passes through.
 */
export async function signXades(
  request: Omit<XadesRequest, 'algorithm'> & { signer: Signer },
): Promise<Buffer> {
  const { signer, ...rest } = request;
  if (!signer.subjectPublicKeyInfo.equals(request.certificate.subjectPublicKeyInfo)) {
    throw new SigningError(
      'signer-certificate-mismatch',
      'the certificate does not belong to the signing key',
    );
  }
  const prepared = prepareXades({ ...rest, algorithm: signer.algorithm });
  return assembleXades(prepared, await signer.sign(prepared.signedOctets));
}

/** All of a signature but its value. */
export function prepareXades(request: XadesRequest): PreparedXades {
  const placed = placeSignature(request);
  const document = withDigests(placed, request);
  const { context, element } = readBack(document, placed);
  const { signedInfo, signatureValue } = readXmlSignature(element);
  return {
    signedOctets: canonicalize({ apex: signedInfo }, { kind: 'exclusive', comments: false }),
    document: context.document.text,
    valueAt: signatureValue.contentStart,
    ...(SIGNATURE_SCHEMES[request.algorithm].kind === 'ecdsa' && {
      ecdsaOctets: curveOctets(request.certificate),
    }),
  };
}

/** The signed document in UTF-8; `signature` as signers give it, an Ecdsa-Sig-Value in DER for ECDSA. */
export function assembleXades(
  { document, valueAt, ecdsaOctets }: PreparedXades,
  signature: Uint8Array,
): Buffer {
  const value = ecdsaOctets === undefined ? Buffer.from(signature) : rawEcdsaValue(signature, ecdsaOctets);
  return encodeXml(document.slice(0, valueAt) + value.toString('base64') + document.slice(valueAt));
}

/** Digests what the References are to, as a verifier will, and writes it down. */
function withDigests(placed: PlacedSignature, request: XadesRequest): string {
  const { context, element } = readBack(placed.text, placed);
  const name = contentDigestOf(request);
  const contents = readXmlSignature(element).references.map((reference) => ({
    element: digestValueOf(reference),
    content: digest(name, octetsOf(reference, context)).toString('base64'),
  }));
  return withContents(placed.text, contents);
}

function octetsOf(reference: XmlReference, context: ReferenceContext): Buffer {
  const resolved = resolveReference(reference, context);
  if (!resolved) throw new Error('a reference to something that is not there');
  return resolved.octets;
}

function digestValueOf({ element }: XmlReference) {
  return childNamed(element, NAMESPACE.signature, 'DigestValue')!;
}

function readBack(text: string, { names, outside }: PlacedSignature) {
  const document = parseXmlText(text);
  const ids = new XmlIds(document);
  const element = ids.resolve(names.signature);
  const context: ReferenceContext = {
    document,
    ids,
    signature: element,
    external: (uri) => (uri === undefined ? undefined : outside.get(uri)),
    budget: new ReadingBudget(),
  };
  return { context, element };
}

const CURVE_OCTETS: Readonly<Record<string, number>> = {
  prime256v1: 32,
  secp384r1: 48,
  secp521r1: 66,
  brainpoolP256r1: 32,
  brainpoolP384r1: 48,
  brainpoolP512r1: 64,
};

function curveOctets(certificate: Certificate): number {
  const curve = publicKeyOf(certificate).asymmetricKeyDetails?.namedCurve ?? '';
  const octets = CURVE_OCTETS[curve];
  if (octets === undefined)
    throw new SigningError('document-format', `no XML signature with the curve ${curve}`);
  return octets;
}
