import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';

import { FormatError } from '../format-error.ts';
import type { NamespaceDeclaration, XmlAttribute, XmlDocument, XmlElement, XmlNode } from './xml-node.ts';

// saxes says whether it is well-formed XML 1.0 with namespaces. Document types are refused before they are looked into: with them
// go entities of one's own (of files, of the network, of exponential size) and attributes that stand nowhere in the text.

/** As much as of CMS: hundreds of times a prescription. */
const XML_OCTETS_MAX = 16 * 1024 * 1024;
/** FHIR nests some twenty levels; recursion over the tree is bounded by this. */
const DEPTH_MAX = 200;
const NODES_MAX = 300_000;
const ATTRIBUTES_MAX = 500;
/** Namespaces are repeated by canonicalization, and compared for each attribute. */
const NAMESPACE_CHARACTERS_MAX = 1_024;
const NAME_CHARACTERS_MAX = 1_024;

const ENCODINGS = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii', 'utf-16', 'utf-16le', 'utf-16be']);

/**
 * Reads an XML 1.0 document in UTF-8 or UTF-16; throws FormatError `xml-malformed` for what is not well-formed,
 * has a document type, or is larger, deeper or richer in nodes than one document may be.
 */
export function parseXml(bytes: Uint8Array): XmlDocument {
  if (bytes.length > XML_OCTETS_MAX) throw malformed(`${bytes.length} octets, at most ${XML_OCTETS_MAX}`);
  return new TreeBuilder(decode(bytes)).build();
}

/** The same for text; an encoding that it declares says nothing then. */
export function parseXmlText(text: string): XmlDocument {
  return new TreeBuilder(text).build();
}

/** Whether the first octets are those of an XML document, in any encoding that is read. */
export function looksLikeXml(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 64));
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  return /^(?:\xef\xbb\xbf)?\s*<[?!A-Za-z_:\x80-\xff]/.test(head.toString('latin1'));
}

class TreeBuilder {
  readonly #text: string;
  readonly #children: XmlNode[] = [];
  #root: XmlElement | undefined;
  #open: XmlElement | undefined;
  #depth = 0;
  #nodes = 0;
  #attributes = 0;
  #start = 0;

  constructor(text: string) {
    this.#text = text;
  }

  build(): XmlDocument {
    const parser = this.#parser();
    parser.write(this.#text);
    parser.close();
    if (!this.#root) throw malformed('no element');
    return { kind: 'document', text: this.#text, root: this.#root, children: this.#children };
  }

  #parser(): SaxesParser<{ xmlns: true }> {
    const parser = new SaxesParser({ xmlns: true, position: false });
    parser.on('error', ({ message }) => {
      throw malformed(printable(message));
    });
    parser.on('doctype', () => {
      throw malformed('a document type declaration');
    });
    parser.on('xmldecl', ({ version, encoding }) => {
      if (version !== '1.0') throw malformed('XML of another version than 1.0');
      if (encoding !== undefined && !ENCODINGS.has(encoding.toLowerCase()))
        throw malformed('an encoding other than UTF-8 and UTF-16');
    });
    parser.on('opentagstart', ({ name }) => {
      this.#start = this.#text.lastIndexOf('<', parser.position - 1);
      this.#depth += 1;
      this.#attributes = 0;
      if (this.#depth > DEPTH_MAX) throw malformed(`elements deeper than ${DEPTH_MAX}`);
      if (name.length > NAME_CHARACTERS_MAX) throw malformed('a name that is too long');
    });
    parser.on('attribute', ({ name, value }) => this.#boundAttribute(name, value));
    parser.on('opentag', (tag) => this.#opened(tag, parser.position));
    parser.on('closetag', (tag) => this.#closed(tag, parser.position));
    parser.on('text', (text) => this.#add({ kind: 'text', text }));
    parser.on('cdata', (text) => this.#add({ kind: 'text', text }));
    parser.on('comment', (text) => this.#add({ kind: 'comment', text }));
    parser.on('processinginstruction', ({ target, body }) =>
      this.#add({ kind: 'processing-instruction', target, text: body }),
    );
    return parser;
  }

  #boundAttribute(name: string, value: string): void {
    this.#attributes += 1;
    if (this.#attributes > ATTRIBUTES_MAX) throw malformed(`more than ${ATTRIBUTES_MAX} attributes`);
    if (name.length > NAME_CHARACTERS_MAX) throw malformed('a name that is too long');
    if (/^xmlns(?:$|:)/.test(name) && value.length > NAMESPACE_CHARACTERS_MAX)
      throw malformed('a namespace that is too long');
  }

  #opened(tag: SaxesTagNS, position: number): void {
    const element: XmlElement = {
      kind: 'element',
      name: tag.name,
      localName: tag.local,
      prefix: tag.prefix,
      namespace: tag.uri,
      ...attributesOf(tag),
      children: [],
      parent: this.#open,
      start: this.#start,
      contentStart: position,
      contentEnd: position,
    };
    this.#add(element);
    this.#root ??= element;
    this.#open = element;
  }

  #closed(tag: SaxesTagNS, position: number): void {
    const element = this.#open!;
    // Nothing within an end tag looks like the beginning of one.
    if (!tag.isSelfClosing) element.contentEnd = this.#text.lastIndexOf('<', position - 1);
    this.#open = element.parent;
    this.#depth -= 1;
  }

  #add(node: XmlNode): void {
    this.#nodes += 1;
    if (this.#nodes > NODES_MAX) throw malformed(`more than ${NODES_MAX} nodes`);
    if (this.#open) this.#open.children.push(node);
    // White space around the root is no node of the document (XPath 1.0 §5.1).
    else if (node.kind !== 'text') this.#children.push(node);
  }
}

function attributesOf(tag: SaxesTagNS): {
  attributes: XmlAttribute[];
  declarations: NamespaceDeclaration[];
} {
  const attributes: XmlAttribute[] = [];
  const declarations: NamespaceDeclaration[] = [];
  for (const { name, local, prefix, uri, value } of Object.values(tag.attributes)) {
    if (name === 'xmlns') declarations.push({ prefix: '', namespace: value });
    else if (prefix === 'xmlns') declarations.push({ prefix: local, namespace: value });
    else attributes.push({ name, localName: local, prefix, namespace: uri, value });
  }
  return { attributes, declarations };
}

/** By the byte order mark (XML 1.0 appendix F), else UTF-8; what is no such encoding is refused, not repaired. */
function decode(bytes: Uint8Array): string {
  const label =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError('xml-malformed', `octets that are no ${label}`, { cause });
  }
}

/** The parser's words without the document's: control characters and length are the sender's. */
function printable(message: string): string {
  return message.replace(/\P{ASCII}|\p{Cc}/gu, '?').slice(0, 120);
}

function malformed(detail: string): FormatError {
  return new FormatError('xml-malformed', detail);
}
