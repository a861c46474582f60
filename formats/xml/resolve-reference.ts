import { FormatError } from '../format-error.ts';
import { canonicalize } from './canonicalize.ts';
import type { CanonicalizationMethod, CanonicalizationSubject } from './canonicalize.ts';
import { decodeBase64 } from './decode-base64.ts';
import { NAMESPACE } from './namespaces.ts';
import { parseXml } from './parse-xml.ts';
import type { XmlIds } from './xml-ids.ts';
import { isNamed, isWithin, textOf } from './xml-node.ts';
import type { XmlDocument, XmlElement } from './xml-node.ts';
import { readTransforms } from './xml-transform.ts';
import type { XmlTransform } from './xml-transform.ts';

/** What is needed to find what a reference is to: nothing is fetched. */
export interface ReferenceContext {
  document: XmlDocument;
  ids: XmlIds;
  /** The ds:Signature with the reference. */
  signature: XmlElement;
  /** Octets outside of the document; undefined where they were not handed in. */
  external(uri: string | undefined): Uint8Array | undefined;
  budget: ReadingBudget;
}

/** What a reference is to, and the octets that its digest is over. */
export interface ResolvedReference {
  /** The element of this document, or the document. Undefined: it was handed in. */
  target: XmlElement | XmlDocument | undefined;
  octets: Buffer;
  /** The last canonicalization that was applied; undefined where none was. */
  canonicalization: CanonicalizationMethod | undefined;
}

/**
 * Canonical octets that references of one document may lead to: a thousand to the whole of it would take minutes. What is only hashed
 * costs less than a quarter.
 */
const OCTETS_MAX = 128 * 1024 * 1024;

/** Signatures and countersignatures; each costs verifications. */
const SIGNATURES_MAX = 64;

/** What one document may cost. */
export class ReadingBudget {
  #octets = 0;
  #signatures = 0;

  countSignature(): void {
    this.#signatures += 1;
    if (this.#signatures > SIGNATURES_MAX)
      throw new FormatError('xml-malformed', `more than ${SIGNATURES_MAX} signatures in all`);
  }

  spend(octets: number): void {
    this.#octets += octets;
    if (this.#octets > OCTETS_MAX)
      throw new FormatError('xml-malformed', `references to more than ${OCTETS_MAX} octets in all`);
  }
}

type ReferenceData =
  | { kind: 'nodes'; subject: CanonicalizationSubject; comments: boolean }
  | { kind: 'octets'; octets: Uint8Array; canonicalization?: CanonicalizationMethod };

/** What an XML document without transforms is digested as (XML Signature §4.4.3.2). */
export const DEFAULT_CANONICALIZATION: CanonicalizationMethod = { kind: 'inclusive-1.0', comments: false };

/**
 * The reference processing model (XML Signature §4.4.3.2); undefined when it is to something outside that was not handed in.
 * Throws FormatError `xml-malformed`, or PkiError `algorithm-unsupported` for a transform that is not run.
 */
export function resolveReference(
  { uri, transforms }: { uri: string | undefined; transforms: XmlElement | undefined },
  context: ReferenceContext,
  /** For nodes that no transform has made octets of. */
  finalMethod: CanonicalizationMethod = DEFAULT_CANONICALIZATION,
): ResolvedReference | undefined {
  // Before the work, too: each Reference is tried, however many before it have failed.
  context.budget.spend(0);
  const steps = readTransforms(transforms);
  const { target, comments } = sameDocument(uri, context);
  let data: ReferenceData;
  if (target) data = { kind: 'nodes', subject: { apex: target }, comments };
  else {
    const octets = context.external(uri);
    if (!octets) return undefined;
    data = { kind: 'octets', octets };
  }
  for (const step of steps) data = applyTransform(step, data, context);
  const { octets, canonicalization } =
    data.kind === 'octets' ? data : canonicalized(data, finalMethod, context);
  context.budget.spend(canonicalization ? octets.length : octets.length / 4);
  return { target, octets: Buffer.from(octets), canonicalization };
}

/** The element that a URI of this document names (§4.4.3.3); undefined when it leads outside. */
export function sameDocument(
  uri: string | undefined,
  { document, ids }: Pick<ReferenceContext, 'document' | 'ids'>,
): { target: XmlElement | XmlDocument | undefined; comments: boolean } {
  if (uri === undefined || (uri !== '' && !uri.startsWith('#')))
    return { target: undefined, comments: false };
  if (uri === '') return { target: document, comments: false };
  const fragment = decodedFragment(uri.slice(1));
  if (fragment === 'xpointer(/)') return { target: document, comments: true };
  const pointed = /^xpointer\(id\((?:'([^']*)'|"([^"]*)")\)\)$/.exec(fragment);
  if (pointed) return { target: ids.resolve(pointed[1] ?? pointed[2]), comments: true };
  return { target: ids.resolve(fragment), comments: false };
}

function decodedFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (cause) {
    throw new FormatError('xml-malformed', 'a reference that is no URI', { cause });
  }
}

function applyTransform(step: XmlTransform, data: ReferenceData, context: ReferenceContext): ReferenceData {
  switch (step.kind) {
    case 'canonicalization':
      return canonicalized(data, step.method, context);
    case 'base64': {
      const text =
        data.kind === 'nodes' ? textOfSubject(data.subject) : Buffer.from(data.octets).toString('latin1');
      return { kind: 'octets', octets: decodeBase64(text, 'what a base64 transform reads') };
    }
    case 'enveloped-signature':
      return withoutNodes(data, (element) => element === context.signature, context);
    case 'without-signatures':
      return withoutNodes(data, (element) => isNamed(element, NAMESPACE.signature, 'Signature'), context);
  }
}

function canonicalized(
  data: ReferenceData,
  method: CanonicalizationMethod,
  { budget }: ReferenceContext,
): ReferenceData & { kind: 'octets' } {
  const nodes = data.kind === 'nodes' ? data : reparsed(data.octets, budget);
  const used = { ...method, comments: method.comments && nodes.comments };
  return { kind: 'octets', octets: canonicalize(nodes.subject, used), canonicalization: used };
}

function reparsed(octets: Uint8Array, budget: ReadingBudget): ReferenceData & { kind: 'nodes' } {
  budget.spend(octets.length);
  return { kind: 'nodes', subject: { apex: parseXml(octets) }, comments: true };
}

/** Only around the signature itself: elsewhere the transform leaves nothing out, and somebody has moved one of the two. */
function withoutNodes(
  data: ReferenceData,
  omits: (element: XmlElement) => boolean,
  { signature }: ReferenceContext,
): ReferenceData {
  const apex = data.kind === 'nodes' ? data.subject.apex : undefined;
  const isAround = apex && (apex.kind === 'document' || (apex !== signature && isWithin(signature, apex)));
  if (data.kind !== 'nodes' || !isAround)
    throw new FormatError('xml-malformed', 'a signature that is to be left out is not in what is signed');
  const before = data.subject.omits;
  const both = before ? (element: XmlElement) => before(element) || omits(element) : omits;
  return { ...data, subject: { ...data.subject, omits: both } };
}

function textOfSubject({ apex, omits }: CanonicalizationSubject): string {
  if (omits) throw new FormatError('xml-malformed', 'base64 out of which something was cut');
  return textOf(apex.kind === 'document' ? apex.root : apex);
}
