import { withAppended } from '../../formats/xml/edit-xml-text.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { parseXml } from '../../formats/xml/parse-xml.ts';
import { attributeNamed, childNamed, elementsWithin, isNamed } from '../../formats/xml/xml-node.ts';
import type { XmlDocument, XmlElement } from '../../formats/xml/xml-node.ts';
import { readTransforms } from '../../formats/xml/xml-transform.ts';
import { SigningError } from '../signing-error.ts';
import { TRANSFORMS, newNames, signatureMarkup } from './signature-markup.ts';
import type { ReferencePlan, SignatureNames } from './signature-markup.ts';
import type { XadesRequest, XadesSubject } from './xades-request.ts';

/** A document with a signature in it that has no digests and no value yet. */
export interface PlacedSignature {
  text: string;
  names: SignatureNames;
  /** What is signed outside of the document. */
  outside: ReadonlyMap<string, Uint8Array>;
}

type SubjectOf<Packaging extends XadesSubject['packaging']> = Extract<XadesSubject, { packaging: Packaging }>;

/** Puts the signature where its packaging says; throws SigningError `document-format`, FormatError for XML that is none. */
export function placeSignature(request: XadesRequest): PlacedSignature {
  const { subject } = request;
  switch (subject.packaging) {
    case 'enveloped':
      return placeEnveloped(request, subject);
    case 'enveloping':
      return placeEnveloping(request, subject);
    case 'detached':
      return placeDetached(request, subject);
  }
}

function placeEnveloped(
  request: XadesRequest,
  { content, mediaType = 'application/xml' }: SubjectOf<'enveloped'>,
): PlacedSignature {
  const document = parseXml(content);
  const isBesideOthers = assertRoomBeside(document);
  const names = newNames();
  const transforms =
    isBesideOthers || request.besideOthers ? TRANSFORMS.withoutSignatures : TRANSFORMS.enveloped;
  const references: ReferencePlan[] = [{ uri: '', transforms, mediaType }];
  const markup = signatureMarkup(request, { names, references, objects: '' });
  return { text: withAppended(document.text, document.root, markup), names, outside: new Map() };
}

/**
 * Whether there are signatures already. Throws where one of them leaves out itself alone, so that a second one in the document
 * would change what it is over.
 */
function assertRoomBeside(document: XmlDocument): boolean {
  const signatures = [...elementsWithin(document.root)].filter((element) =>
    isNamed(element, NAMESPACE.signature, 'Signature'),
  );
  for (const reference of signatures.flatMap((signature) => [...elementsWithin(signature)]))
    if (isNamed(reference, NAMESPACE.signature, 'Reference') && breaksWithAnother(reference))
      throw new SigningError('document-format', 'the document has a signature that a second one would break');
  return signatures.length > 0;
}

function breaksWithAnother(reference: XmlElement): boolean {
  if (attributeNamed(reference, 'URI') !== '') return false;
  const transforms = readTransforms(childNamed(reference, NAMESPACE.signature, 'Transforms'));
  return !transforms.some(({ kind }) => kind === 'without-signatures');
}

function placeEnveloping(
  request: XadesRequest,
  { content, mediaType = 'application/octet-stream' }: SubjectOf<'enveloping'>,
): PlacedSignature {
  const names = newNames();
  const encoding = `Encoding="${NAMESPACE.signature}base64"`;
  const base64 = Buffer.from(content).toString('base64');
  const references: ReferencePlan[] = [
    {
      uri: `#${names.object}`,
      transforms: TRANSFORMS.base64,
      mediaType,
      type: `${NAMESPACE.signature}Object`,
    },
  ];
  const objects = `<ds:Object Id="${names.object}" ${encoding}>${base64}</ds:Object>`;
  const markup = signatureMarkup(request, { names, references, objects });
  return { text: DECLARATION + markup, names, outside: new Map() };
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

function placeDetached(
  request: XadesRequest,
  { contents, inContainer }: SubjectOf<'detached'>,
): PlacedSignature {
  const names = newNames();
  const references = contents.map(({ uri, mediaType = 'application/octet-stream' }): ReferencePlan => ({
    uri,
    transforms: TRANSFORMS.none,
    mediaType,
  }));
  const markup = signatureMarkup(request, { names, references, objects: '' });
  const text = inContainer ? inXadesSignatures(markup) : markup;
  const outside = new Map(contents.map(({ uri, bytes }) => [uri, bytes]));
  return { text: DECLARATION + text, names, outside };
}

/** The root that ASiC wants (ETSI EN 319 162-1 §4.3.3.3, annex A). */
function inXadesSignatures(markup: string): string {
  return `<asic:XAdESSignatures xmlns:asic="${NAMESPACE.asic}">${markup}</asic:XAdESSignatures>`;
}
