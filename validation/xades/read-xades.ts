import { ReadingBudget } from '../../formats/xml/resolve-reference.ts';
import { parseXml } from '../../formats/xml/parse-xml.ts';
import { topSignatures } from '../../formats/xml/top-signatures.ts';
import { XmlIds } from '../../formats/xml/xml-ids.ts';
import type { PresentedDocument, PresentedSignature, SignatureInput } from '../presented-signature.ts';
import { presentXmlSignature } from './present-xml-signature.ts';
import type { ReadXmlSignature } from './present-xml-signature.ts';
import { uncoveredParts } from './uncovered-parts.ts';
import type { XadesHouse } from './xades-house.ts';

/**
 * Reads an XML document with its signatures: enveloped, enveloping, or detached with the content handed in by the URI of its
 * Reference, or as the only one (ETSI EN 319 132-1; plain XML Signature 1.1 too). Nothing is fetched.
 * Throws FormatError `xml-malformed`.
 */
export function readXades(input: SignatureInput): PresentedDocument {
  const { signature, content, contentsByName, signingCertificateReference } = input;
  return readXmlSignatures(signature, {
    signingCertificateReference,
    budget: new ReadingBudget(),
    external: (uri, isOnly) => namedContent(contentsByName, uri) ?? (isOnly ? content : undefined),
  });
}

/** The same with another way to what is signed outside of the document, such as a container's files. */
export function readXmlSignatures(
  bytes: Uint8Array,
  outside: Pick<XadesHouse, 'external' | 'signingCertificateReference' | 'budget'>,
): PresentedDocument {
  const document = parseXml(bytes);
  const house: XadesHouse = { ...outside, document, ids: new XmlIds(document) };
  const places = topSignatures(document);
  if (places.length === 0) {
    return { signatures: [], reasons: [{ code: 'no-signer', text: 'the document has no signature' }] };
  }
  const read = places.map((element, at) =>
    presentXmlSignature({ element }, { house, position: String(at + 1) }),
  );
  const targets = new Set(read.flatMap((one) => one.targets));
  return {
    signatures: underWhatTheyCountersign(read),
    reasons: uncoveredParts(document, { signatures: places, targets }),
  };
}

/** A content by the URI of its Reference, which may be percent-encoded where the name is not. */
function namedContent(
  contents: ReadonlyMap<string, Uint8Array> | undefined,
  uri: string | undefined,
): Uint8Array | undefined {
  if (!contents || uri === undefined) return undefined;
  const found = contents.get(uri);
  if (found) return found;
  try {
    return contents.get(decodeURIComponent(uri));
  } catch {
    return undefined;
  }
}

/** A countersignature may stand beside what it countersigns (ETSI EN 319 132-1 §5.2.7.3): it is reported below it all the same. */
function underWhatTheyCountersign(read: readonly ReadXmlSignature[]): PresentedSignature[] {
  return read.flatMap(({ presented, counterSigns }) => {
    const signed = counterSigns && read.find(({ signatureValue }) => signatureValue === counterSigns);
    if (!signed || signed.presented === presented) return [presented];
    signed.counterSignatures.push(presented);
    return [];
  });
}
