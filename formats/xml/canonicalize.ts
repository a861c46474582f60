import { FormatError } from '../format-error.ts';
import { NAMESPACE } from './namespaces.ts';
import { joinUriReferences } from './join-uri-references.ts';
import type { NamespaceDeclaration, XmlAttribute, XmlDocument, XmlElement, XmlNode } from './xml-node.ts';

/**
 * Canonical XML 1.0, Canonical XML 1.1, Exclusive XML Canonicalization 1.0.
 * @see https://www.w3.org/TR/2001/REC-xml-c14n-20010315
 * @see https://www.w3.org/TR/xml-c14n11/
 * @see https://www.w3.org/TR/xml-exc-c14n/
 */
export interface CanonicalizationMethod {
  kind: 'inclusive-1.0' | 'inclusive-1.1' | 'exclusive';
  comments: boolean;
  /** InclusiveNamespaces PrefixList of exclusive canonicalization; `#default` stands for the default namespace. */
  inclusivePrefixes?: readonly string[];
}

/** An element with all that is below it, or a document; without some elements, where signatures are enveloped. */
export interface CanonicalizationSubject {
  apex: XmlDocument | XmlElement;
  /** Whether an element is left out, with all that is below it. */
  omits?: ((element: XmlElement) => boolean) | undefined;
}

/** Exclusive canonicalization repeats declarations: what comes out may be longer than what went in, and no more than this. */
const OCTETS_MAX = 64 * 1024 * 1024;

/** The canonical octets; throws FormatError `xml-malformed` when there are too many. */
export function canonicalize(
  { apex, omits }: CanonicalizationSubject,
  method: CanonicalizationMethod,
): Buffer {
  const writer = new CanonicalWriter(method, omits);
  if (apex.kind === 'document') writer.document(apex);
  else writer.apex(apex);
  return writer.octets();
}

class CanonicalWriter {
  readonly #method: CanonicalizationMethod;
  readonly #omits: CanonicalizationSubject['omits'];
  readonly #parts: string[] = [];
  #characters = 0;
  /** Namespaces in scope where the writer is, and those that the output has declared there. */
  readonly #scope = new ScopedMap();
  readonly #rendered = new ScopedMap();

  constructor(method: CanonicalizationMethod, omits: CanonicalizationSubject['omits']) {
    this.#method = method;
    this.#omits = omits;
  }

  octets(): Buffer {
    return Buffer.from(this.#parts.join(''), 'utf8');
  }

  /** Comments and processing instructions around the root have a line each (§2.3, processing model). */
  document({ children, root }: XmlDocument): void {
    let isAfterRoot = false;
    for (const node of children) {
      if (node === root) {
        isAfterRoot = true;
        this.#element(root, []);
      } else if (node.kind !== 'comment' || this.#method.comments) {
        this.#write(isAfterRoot ? '\n' : '');
        this.#node(node);
        this.#write(isAfterRoot ? '' : '\n');
      }
    }
  }

  /** An element out of its document takes along what it inherits there. */
  apex(element: XmlElement): void {
    const ancestors: XmlElement[] = [];
    for (let at = element.parent; at; at = at.parent) ancestors.push(at);
    for (const ancestor of ancestors.toReversed())
      for (const { prefix, namespace } of ancestor.declarations) this.#scope.set(prefix, namespace);
    this.#element(element, this.#inheritedAttributes(element, ancestors), true);
  }

  #element(element: XmlElement, inherited: readonly XmlAttribute[], isApex = false): void {
    if (this.#omits?.(element)) return;
    const scopeMark = this.#scope.mark();
    const renderedMark = this.#rendered.mark();
    for (const { prefix, namespace } of element.declarations) this.#scope.set(prefix, namespace);
    this.#write(`<${element.name}`);
    for (const { prefix, namespace } of this.#declarationsOf(element, isApex)) {
      this.#rendered.set(prefix, namespace);
      this.#write(` xmlns${prefix && `:${prefix}`}="${escapeAttribute(namespace)}"`);
    }
    for (const { name, value } of sortedAttributes(element, inherited))
      this.#write(` ${name}="${escapeAttribute(value)}"`);
    this.#write('>');
    for (const child of element.children) this.#node(child);
    this.#write(`</${element.name}>`);
    this.#scope.restore(scopeMark);
    this.#rendered.restore(renderedMark);
  }

  #node(node: XmlNode): void {
    if (node.kind === 'element') this.#element(node, []);
    else if (node.kind === 'text') this.#write(escapeText(node.text));
    else if (node.kind === 'comment') this.#write(this.#method.comments ? `<!--${node.text}-->` : '');
    else this.#write(`<?${node.target}${node.text && ` ${node.text}`}?>`);
  }

  /** What is to be declared here: what the output has not yet declared so. */
  #declarationsOf(element: XmlElement, isApex: boolean): NamespaceDeclaration[] {
    return [...this.#shownPrefixes(element, isApex)]
      .filter((prefix) => prefix !== 'xml')
      .map((prefix) => ({ prefix, namespace: this.#scope.get(prefix) }))
      .filter(({ prefix, namespace }) => this.#rendered.get(prefix) !== namespace)
      .sort((a, b) => compareCodePoints(a.prefix, b.prefix));
  }

  #shownPrefixes(element: XmlElement, isApex: boolean): Set<string> {
    if (this.#method.kind !== 'exclusive') {
      return new Set(isApex ? this.#scope.keys() : element.declarations.map(({ prefix }) => prefix));
    }
    // Exclusive §3: those that are visibly utilized, and those of the list as if inclusive.
    const shown = new Set([element.prefix]);
    for (const { prefix } of element.attributes) if (prefix) shown.add(prefix);
    for (const listed of this.#method.inclusivePrefixes ?? []) {
      const prefix = listed === '#default' ? '' : listed;
      if (this.#scope.has(prefix)) shown.add(prefix);
    }
    return shown;
  }

  /**
   * Attributes of the xml namespace that an element out of its document inherits: by 1.0 all of them, the nearest each;
   * by 1.1 §2.4 xml:lang and xml:space, and an xml:base that is joined from all of them. By exclusive none.
   */
  #inheritedAttributes(element: XmlElement, ancestors: readonly XmlElement[]): XmlAttribute[] {
    const { kind } = this.#method;
    if (kind === 'exclusive') return [];
    const inherited = new Map<string, XmlAttribute>();
    for (const { attributes } of ancestors) {
      for (const attribute of attributes) {
        const { namespace, localName } = attribute;
        const isHandedDown = kind === 'inclusive-1.0' || localName === 'lang' || localName === 'space';
        if (namespace === NAMESPACE.xml && isHandedDown && !inherited.has(localName))
          inherited.set(localName, attribute);
      }
    }
    for (const { namespace, localName } of element.attributes)
      if (namespace === NAMESPACE.xml) inherited.delete(localName);
    if (kind === 'inclusive-1.1') addJoinedBase(inherited, element, ancestors);
    return [...inherited.values()];
  }

  #write(text: string): void {
    this.#characters += text.length;
    if (this.#characters > OCTETS_MAX)
      throw new FormatError('xml-malformed', `more than ${OCTETS_MAX} canonical octets`);
    if (text) this.#parts.push(text);
  }
}

/** An xml:base of the result stands for those of all omitted ancestors (1.1 §2.4); it takes the place of the element's own. */
function addJoinedBase(
  inherited: Map<string, XmlAttribute>,
  element: XmlElement,
  ancestors: readonly XmlElement[],
): void {
  const bases = [element, ...ancestors].flatMap(({ attributes }) =>
    attributes.filter(({ namespace, localName }) => namespace === NAMESPACE.xml && localName === 'base'),
  );
  if (bases.length === 0 || (bases.length === 1 && element.attributes.includes(bases[0]))) return;
  const value = bases
    .toReversed()
    .map((base) => base.value)
    .reduce(joinUriReferences);
  inherited.set('base', { ...bases[0], value });
}

/** By namespace and local name, both by code points; those without a namespace first (§2.3). */
function sortedAttributes(element: XmlElement, inherited: readonly XmlAttribute[]): XmlAttribute[] {
  if (element.attributes.length < 2 && inherited.length === 0) return [...element.attributes];
  const own = element.attributes.filter(
    ({ namespace, localName }) =>
      namespace !== NAMESPACE.xml || !inherited.some((taken) => taken.localName === localName),
  );
  return [...own, ...inherited]
    .filter(({ localName, namespace, value }) => !isEmptyBase(namespace, localName, value, inherited))
    .sort(
      (a, b) => compareCodePoints(a.namespace, b.namespace) || compareCodePoints(a.localName, b.localName),
    );
}

/** A joined base that is empty says nothing and is left out (1.1 §2.4). */
function isEmptyBase(
  namespace: string,
  localName: string,
  value: string,
  inherited: readonly XmlAttribute[],
): boolean {
  const isBase = namespace === NAMESPACE.xml && localName === 'base';
  return isBase && value === '' && inherited.some((attribute) => attribute.localName === 'base');
}

/** Prefix → namespace, with changes that can be taken back: copies would cost the square of a hostile document. */
class ScopedMap {
  readonly #values = new Map<string, string>();
  readonly #changes: { prefix: string; before: string | undefined }[] = [];

  get(prefix: string): string {
    return this.#values.get(prefix) ?? '';
  }

  has(prefix: string): boolean {
    return this.#values.has(prefix);
  }

  keys(): Iterable<string> {
    return this.#values.keys();
  }

  set(prefix: string, namespace: string): void {
    this.#changes.push({ prefix, before: this.#values.get(prefix) });
    this.#values.set(prefix, namespace);
  }

  mark(): number {
    return this.#changes.length;
  }

  restore(mark: number): void {
    while (this.#changes.length > mark) {
      const { prefix, before } = this.#changes.pop()!;
      if (before === undefined) this.#values.delete(prefix);
      else this.#values.set(prefix, before);
    }
  }
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
};
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** Text as canonical XML writes it. */
export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (found) => TEXT_ESCAPES[found]) : text;
}

/** The value of an attribute as canonical XML writes it between quotation marks. */
export function escapeAttribute(value: string): string {
  return /[&<"\t\n\r]/.test(value)
    ? value.replace(/[&<"\t\n\r]/g, (found) => ATTRIBUTE_ESCAPES[found])
    : value;
}

/** UTF-16's own order puts surrogates before U+E000 and is not that of code points. */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  for (let at = 0; ; at += 1) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one === other) continue;
    if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) ? -1 : 1;
    return weight(one) - weight(other);
  }
}

function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
