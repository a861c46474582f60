import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { childElements, isNamed } from '../../formats/xml/xml-node.ts';
import type { XmlDocument, XmlElement, XmlNode } from '../../formats/xml/xml-node.ts';
import type { Reason } from '../reason.ts';

/** What the signatures of a document sign of it. */
export interface Coverage {
  /** The signatures at the top, whatever came of them. */
  signatures: readonly XmlElement[];
  targets: ReadonlySet<XmlElement | XmlDocument>;
}

/**
 * Whether all that somebody reads in the document is signed: an element that nothing covers, beside or around what is signed, is
 * what a wrapping attack shows to people and programs while the signature holds for something else.
 */
export function uncoveredParts(document: XmlDocument, coverage: Coverage): Reason[] {
  const walk = new CoverageWalk(coverage);
  const found = coverage.targets.has(document)
    ? undefined
    : (instructionIn(document.children) ?? walk.firstUncovered(document.root));
  const inObjects = coverage.signatures.map((signature) => walk.uncoveredObject(signature));
  return [found, ...inObjects]
    .filter((name) => name !== undefined)
    .map((name) => ({
      code: 'content-not-covered',
      text: `nothing signs what is in the document as ${printable(name)}`,
    }));
}

/** Attributes that say nothing which changes what is read. */
const HARMLESS_NAMES = new Set(['Id', 'ID', 'id']);
const HARMLESS_NAMESPACES = new Set<string>([NAMESPACE.xml, 'http://www.w3.org/2001/XMLSchema-instance']);

class CoverageWalk {
  readonly #coverage: Coverage;
  readonly #around = new Set<XmlElement>();
  readonly #signatures: ReadonlySet<XmlElement>;

  constructor(coverage: Coverage) {
    this.#coverage = coverage;
    this.#signatures = new Set(coverage.signatures);
    for (const covered of [...coverage.targets, ...coverage.signatures]) {
      let at = covered.kind === 'element' ? covered.parent : undefined;
      for (; at && !this.#around.has(at); at = at.parent) this.#around.add(at);
    }
  }

  /** Name of the first element with something that is not covered. */
  firstUncovered(element: XmlElement): string | undefined {
    if (this.#coverage.targets.has(element) || this.#signatures.has(element)) return undefined;
    if (!this.#around.has(element) || saysSomething(element)) return element.name;
    return this.#firstAmong(childElements(element));
  }

  uncoveredObject(signature: XmlElement): string | undefined {
    for (const object of childElements(signature)) {
      if (!isNamed(object, NAMESPACE.signature, 'Object') || this.#coverage.targets.has(object)) continue;
      const contents = childElements(object).filter(
        (child) => !isNamed(child, NAMESPACE.xades, 'QualifyingProperties'),
      );
      const found = hasText(object) ? object.name : this.#firstAmong(contents);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #firstAmong(elements: readonly XmlElement[]): string | undefined {
    for (const element of elements) {
      const found = this.firstUncovered(element);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function saysSomething(element: XmlElement): boolean {
  const speaks = element.attributes.some(
    ({ name, namespace }) => !HARMLESS_NAMES.has(name) && !HARMLESS_NAMESPACES.has(namespace),
  );
  return speaks || hasText(element) || instructionIn(element.children) !== undefined;
}

/** A style sheet shows people whatever it likes. */
function instructionIn(nodes: readonly XmlNode[]): string | undefined {
  const instruction = nodes.find((node) => node.kind === 'processing-instruction');
  return instruction && `?${instruction.target}`;
}

function hasText(element: XmlElement): boolean {
  return element.children.some((node) => node.kind === 'text' && node.text.trim() !== '');
}

function printable(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, '?').slice(0, 60);
}
