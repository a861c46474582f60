// The tree that an XML document is read to: what canonical XML shows, and where each element stands in the text.

export interface XmlAttribute {
  /** As written, with its prefix. */
  name: string;
  localName: string;
  prefix: string;
  /** Empty: none, as for every attribute without a prefix. */
  namespace: string;
  value: string;
}

/** A namespace that an element declares; the empty prefix is the default, an empty namespace takes it away. */
export interface NamespaceDeclaration {
  prefix: string;
  namespace: string;
}

export interface XmlElement {
  kind: 'element';
  name: string;
  localName: string;
  prefix: string;
  namespace: string;
  declarations: readonly NamespaceDeclaration[];
  attributes: readonly XmlAttribute[];
  children: XmlNode[];
  parent: XmlElement | undefined;
  /** Offsets in the document's text: of its `<`, after the `>` of its start tag, of its end tag. An empty-element tag has the last two alike. */
  start: number;
  contentStart: number;
  contentEnd: number;
}

export type XmlNode =
  | XmlElement
  | { kind: 'text'; text: string }
  | { kind: 'comment'; text: string }
  | { kind: 'processing-instruction'; target: string; text: string };

export interface XmlDocument {
  kind: 'document';
  /** What was read, decoded. */
  text: string;
  root: XmlElement;
  /** The root among the comments and processing instructions around it. */
  children: readonly XmlNode[];
}

export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((node) => node.kind === 'element');
}

/** Children of one name, in order. */
export function childrenNamed(element: XmlElement, namespace: string, localName: string): XmlElement[] {
  return childElements(element).filter((child) => isNamed(child, namespace, localName));
}

/** The first child of that name. */
export function childNamed(
  element: XmlElement | undefined,
  namespace: string,
  localName: string,
): XmlElement | undefined {
  return element && childrenNamed(element, namespace, localName)[0];
}

export function isNamed(element: XmlElement, namespace: string, localName: string): boolean {
  return element.localName === localName && element.namespace === namespace;
}

/** Value of an attribute without a prefix. */
export function attributeNamed(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** All text below an element, without comments; what text comparison sees (DOM's textContent). */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const node of element.children) {
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'element') text += textOf(node);
  }
  return text;
}

/** Whether `inner` is `outer` or below it. */
export function isWithin(inner: XmlElement, outer: XmlElement): boolean {
  for (let at: XmlElement | undefined = inner; at; at = at.parent) if (at === outer) return true;
  return false;
}

/** An element and all elements below it, in the order of the document. */
export function* elementsWithin(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) if (child.kind === 'element') yield* elementsWithin(child);
}
