import { PkiError } from '../../pki/pki-error.ts';
import { FormatError } from '../format-error.ts';
import type { CanonicalizationMethod } from './canonicalize.ts';
import { NAMESPACE } from './namespaces.ts';
import { algorithmOf, canonicalizationOf } from './xml-algorithms.ts';
import { attributeNamed, childElements, textOf } from './xml-node.ts';
import type { XmlElement } from './xml-node.ts';

// Transforms are programs of the sender's that run before anything is verified. XPath in general and XSLT are no part of this.

export type XmlTransform =
  | { kind: 'canonicalization'; method: CanonicalizationMethod }
  | { kind: 'base64' }
  /** Leaves out the signature that the reference is in. */
  | { kind: 'enveloped-signature' }
  /** Leaves out all signatures, so that there can be several in one document. */
  | { kind: 'without-signatures' };

const TRANSFORMS_MAX = 5;

const SIMPLE = new Map<string, XmlTransform>([
  [`${NAMESPACE.signature}enveloped-signature`, { kind: 'enveloped-signature' }],
  [`${NAMESPACE.signature}base64`, { kind: 'base64' }],
]);

/** The one expression of each kind of XPath that stands for something that can be done without XPath. */
const WITHOUT_SIGNATURES: readonly { algorithm: string; filter?: string; expression: RegExp }[] = [
  {
    algorithm: 'http://www.w3.org/TR/1999/REC-xpath-19991116',
    expression: /^\s*not\(\s*ancestor-or-self::([A-Za-z][A-Za-z0-9]*):Signature\s*\)\s*$/,
  },
  {
    algorithm: 'http://www.w3.org/2002/06/xmldsig-filter2',
    filter: 'subtract',
    expression: /^\s*\/descendant::([A-Za-z][A-Za-z0-9]*):Signature\s*$/,
  },
];

/** Reads a Transforms element; throws PkiError `algorithm-unsupported` for one that is not among these. */
export function readTransforms(transforms: XmlElement | undefined): XmlTransform[] {
  const elements = transforms ? childElements(transforms) : [];
  if (elements.length > TRANSFORMS_MAX)
    throw new FormatError('xml-malformed', `more than ${TRANSFORMS_MAX} transforms`);
  return elements.map(readTransform);
}

function readTransform(element: XmlElement): XmlTransform {
  if (element.localName !== 'Transform' || element.namespace !== NAMESPACE.signature)
    throw new FormatError('xml-malformed', 'Transforms holds something else than Transform');
  const simple = SIMPLE.get(algorithmOf(element));
  if (simple) return simple;
  if (leavesOutSignatures(element)) return { kind: 'without-signatures' };
  const method = canonicalizationOf(element);
  if (method) return { kind: 'canonicalization', method };
  const uri = algorithmOf(element)
    .replace(/[^\x21-\x7e]/g, '?')
    .slice(0, 100);
  throw new PkiError('algorithm-unsupported', `transform ${uri}`);
}

function leavesOutSignatures(element: XmlElement): boolean {
  const known = WITHOUT_SIGNATURES.find(({ algorithm }) => algorithm === algorithmOf(element));
  const [xpath, ...more] = childElements(element);
  if (!known || !xpath || xpath.localName !== 'XPath' || more.length > 0) return false;
  if (attributeNamed(xpath, 'Filter') !== known.filter) return false;
  const prefix = known.expression.exec(textOf(xpath))?.[1];
  return prefix !== undefined && namespaceOf(xpath, prefix) === NAMESPACE.signature;
}

function namespaceOf(element: XmlElement, prefix: string): string | undefined {
  for (let at: XmlElement | undefined = element; at; at = at.parent) {
    const declared = at.declarations.find((declaration) => declaration.prefix === prefix);
    if (declared) return declared.namespace;
  }
  return undefined;
}
