import { LEAVES_MAX, NESTING_MAX, leafOf, unreadable } from './document-tree.ts';
import type { DocumentNode, DocumentObject } from './document-tree.ts';

// FHIR's XML (HL7 FHIR R4 §2.6.1) is elements and attributes in two namespaces. What it does not use (document types, entities of
// one's own, CDATA, processing instructions, prefixes) is refused: two readers do not always read it alike.

const FHIR = 'http://hl7.org/fhir';

const DECLARATION = /^<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\s*\?>/;
const SPACE_OR_COMMENT = /(?:\s|<!--(?:[^-]|-[^-])*-->)*/y;
const OPENING = /<([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z]+="[^"<]*")*)\s*(\/?)>/y;
const CLOSING = /<\/([A-Za-z][A-Za-z0-9]*)\s*>/y;
const ATTRIBUTE = /([A-Za-z]+)="([^"<]*)"/g;
const NARRATIVE = /<div(?:\s[^>]*)?(?:\/>|>[\s\S]*?<\/div>)/y;
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));/g;
const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads one FHIR resource to the same tree as its JSON; throws PrescriptionError `document-unreadable`. */
export function readFhirXmlTree(text: string): DocumentObject {
  const reader = new FhirXmlReader(text.replace(DECLARATION, ''));
  reader.skip();
  const { name, attributes, isEmpty } = reader.open();
  if (attributes.get('xmlns') !== FHIR) throw unreadable('it is not in the namespace of FHIR');
  const root = reader.resource(name, isEmpty, 1);
  reader.end();
  return root;
}

interface Opening {
  name: string;
  attributes: Map<string, string>;
  isEmpty: boolean;
}

class FhirXmlReader {
  readonly #text: string;
  #at = 0;
  #leaves = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skip(): void {
    this.#take(SPACE_OR_COMMENT);
  }

  end(): void {
    this.skip();
    if (this.#at !== this.#text.length) throw unreadable('something follows the XML');
  }

  open(): Opening {
    const found = this.#take(OPENING);
    if (!found) throw unreadable('it is not the XML that FHIR uses');
    const attributes = new Map<string, string>();
    for (const [, name, value] of found[2].matchAll(ATTRIBUTE)) {
      if (attributes.has(name)) throw unreadable('an attribute comes twice');
      attributes.set(name, decode(value));
    }
    return { name: found[1], attributes, isEmpty: found[3] === '/' };
  }

  /** The element whose name is a type: its type stands as a member, as in JSON. */
  resource(type: string, isEmpty: boolean, depth: number): DocumentObject {
    if (!/^[A-Z]/.test(type)) throw unreadable(`${type} is not a resource`);
    const members = new Map<string, DocumentNode[]>([['resourceType', [this.#leaf(type)]]]);
    if (!isEmpty) this.#children(type, members, depth);
    return { kind: 'object', members };
  }

  #children(parent: string, members: Map<string, DocumentNode[]>, depth: number): void {
    if (depth > NESTING_MAX) throw unreadable(`nesting deeper than ${NESTING_MAX}`);
    for (;;) {
      this.skip();
      const closing = this.#take(CLOSING);
      if (closing) {
        if (closing[1] !== parent) throw unreadable(`${parent} is closed by ${closing[1]}`);
        return;
      }
      const narrative = this.#take(NARRATIVE);
      if (narrative) add(members, 'div', this.#leaf(narrative[0]));
      else this.#child(members, depth);
    }
  }

  #child(members: Map<string, DocumentNode[]>, depth: number): void {
    const opening = this.open();
    const { name, isEmpty } = opening;
    if (/^[A-Z]/.test(name)) {
      // `resource` and `contained` hold one resource and nothing else: it takes their place.
      const { members: inner } = this.resource(name, isEmpty, depth + 1);
      for (const [member, nodes] of inner) for (const node of nodes) add(members, member, node);
      return;
    }
    const { value, more } = this.#element(opening, depth + 1);
    if (value) add(members, name, value);
    if (more.members.size > 0) add(members, value ? `_${name}` : name, more);
  }

  /** `<status value="active"/>` is `"status": "active"`, and what else is in it stands under `_status`, as in JSON. */
  #element(
    { name, attributes, isEmpty }: Opening,
    depth: number,
  ): { value?: DocumentNode; more: DocumentObject } {
    const members = new Map<string, DocumentNode[]>();
    let value: DocumentNode | undefined;
    for (const [attribute, text] of attributes) {
      if (attribute === 'value') value = this.#leaf(text);
      else if (attribute !== 'xmlns') add(members, attribute, this.#leaf(text));
      else if (text !== FHIR) throw unreadable('an element is in another namespace');
    }
    if (!isEmpty) this.#children(name, members, depth);
    return { ...(value && { value }), more: { kind: 'object', members } };
  }

  #leaf(text: string): DocumentNode {
    this.#leaves += 1;
    if (this.#leaves > LEAVES_MAX) throw unreadable(`more than ${LEAVES_MAX} values`);
    return leafOf(text);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}

function add(members: Map<string, DocumentNode[]>, name: string, node: DocumentNode): void {
  const list = members.get(name);
  if (list) list.push(node);
  else members.set(name, [node]);
}

function decode(value: string): string {
  const decoded = value.replaceAll(REFERENCE, (_, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return PREDEFINED[name];
    const point = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      throw unreadable('a character that does not exist');
    return String.fromCodePoint(point);
  });
  if (/&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)/.test(value))
    throw unreadable('an entity of its own');
  // XML 1.0 §3.3.3: white space in an attribute is a space.
  return decoded.replaceAll(/[\t\n\r]/g, ' ');
}
