import { canonicalize } from '../../formats/xml/canonicalize.ts';
import { withContents } from '../../formats/xml/edit-xml-text.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { parseXmlText } from '../../formats/xml/parse-xml.ts';
import { ReadingBudget, resolveReference } from '../../formats/xml/resolve-reference.ts';
import { signatureUri } from '../../formats/xml/xml-algorithms.ts';
import { XmlIds } from '../../formats/xml/xml-ids.ts';
import { attributeNamed, childNamed, elementsWithin, isNamed } from '../../formats/xml/xml-node.ts';
import { readXmlSignature } from '../../formats/xml/xml-signature.ts';
import { rawEcdsaValue } from '../../formats/xml/xml-signature-value.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { Holder } from './fixture-deployment.ts';

export interface FixtureReference {
  uri: string;
  transforms: readonly string[];
  type?: string;
  digestMethod?: string;
  hash?: (octets: Buffer) => Buffer;
}

const SHA_256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const ID = 'fixture-signature';

/** A plain XML signature by a P-256 key, sensible or not, in the place of `{signature}`; references that cannot be resolved get a digest of nothing. */
export async function signedXml(
  { signer, certificate }: Holder,
  around: string,
  references: readonly FixtureReference[],
  objects = '',
): Promise<Buffer> {
  const markup = [
    `<Signature xmlns="${NAMESPACE.signature}" Id="${ID}"><SignedInfo>`,
    `<CanonicalizationMethod Algorithm="${NAMESPACE.exclusive}"/>`,
    `<SignatureMethod Algorithm="${signatureUri(signer.algorithm)}"/>`,
    ...references.map(referenceMarkup),
    '</SignedInfo><SignatureValue></SignatureValue><KeyInfo><X509Data><X509Certificate>',
    certificate.bytes.toString('base64'),
    `</X509Certificate></X509Data></KeyInfo>${objects}</Signature>`,
  ].join('');
  const placed = around.replace('{signature}', () => markup);
  const { signature, context } = find(placed);
  const digested = withContents(
    placed,
    signature.references.map((reference, index) => ({
      element: childNamed(reference.element, NAMESPACE.signature, 'DigestValue')!,
      content: (references[index].hash ?? ((octets) => digest('sha256', octets)))(
        octetsOf(reference, context),
      ).toString('base64'),
    })),
  );
  const { signature: final } = find(digested);
  const octets = canonicalize({ apex: final.signedInfo }, { kind: 'exclusive', comments: false });
  const value = rawEcdsaValue(await signer.sign(octets), 32).toString('base64');
  return Buffer.from(withContents(digested, [{ element: final.signatureValue, content: value }]));
}

function referenceMarkup({ uri, transforms, type, digestMethod = SHA_256 }: FixtureReference): string {
  const steps = transforms.map((algorithm) => `<Transform Algorithm="${algorithm}"/>`).join('');
  const typed = type === undefined ? '' : ` Type="${type}"`;
  return `<Reference URI="${uri}"${typed}><Transforms>${steps}</Transforms><DigestMethod Algorithm="${digestMethod}"/><DigestValue></DigestValue></Reference>`;
}

function find(text: string) {
  const document = parseXmlText(text);
  const element = [...elementsWithin(document.root)].find(
    (one) => isNamed(one, NAMESPACE.signature, 'Signature') && attributeNamed(one, 'Id') === ID,
  )!;
  const context = {
    document,
    ids: new XmlIds(document),
    signature: element,
    external: () => undefined,
    budget: new ReadingBudget(),
  };
  return { signature: readXmlSignature(element), context };
}

function octetsOf(...[reference, context]: Parameters<typeof resolveReference>): Buffer {
  try {
    return resolveReference(reference, context)?.octets ?? Buffer.alloc(0);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return Buffer.alloc(0);
  }
}
