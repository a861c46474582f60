import { LEAVES_MAX, NESTING_MAX, leafOf, unreadable } from './document-tree.ts';
import type { DocumentLeaf, DocumentNode, DocumentObject } from './document-tree.ts';

/** RFC 8259 §2: one token, with the white space before it. */
const TOKEN =
  /[ \t\n\r]*(?:(?<mark>[{}[\]:,])|(?<text>"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?<plain>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))/uy;
const WHITE_SPACE = /^[ \t\n\r]*$/;

/**
 * Reads a JSON object more strictly than JSON.parse: a name that comes twice is refused (RFC 8259 §4 leaves open which one counts,
 * so that the phone could show one and the pharmacy read the other), and so is an array inside an array, which no prescription has.
 * Throws PrescriptionError `document-unreadable`.
 */
export function readJsonTree(text: string): DocumentObject {
  const reader = new JsonReader(text);
  const root = reader.value(0);
  reader.end();
  if (root.kind !== 'object') throw unreadable('it is not a JSON object');
  return root;
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #leaves = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): DocumentNode {
    const token = this.#next();
    if (token.mark === '{') return this.#object(depth + 1);
    if (token.mark !== undefined) throw unreadable(`"${token.mark}" stands where a value belongs`);
    return this.#leaf(token);
  }

  end(): void {
    if (!WHITE_SPACE.test(this.#text.slice(this.#at))) throw unreadable('something follows the JSON');
  }

  #object(depth: number): DocumentObject {
    if (depth > NESTING_MAX) throw unreadable(`nesting deeper than ${NESTING_MAX}`);
    const members = new Map<string, readonly DocumentNode[]>();
    let token = this.#next();
    while (token.mark !== '}') {
      if (token.text === undefined) throw unreadable('a name is missing');
      const name = leafOf(JSON.parse(token.text) as string).text;
      if (members.has(name)) throw unreadable('a name comes twice in one object');
      if (this.#next().mark !== ':') throw unreadable('a colon is missing');
      members.set(name, this.#list(depth));
      token = this.#separator('}');
    }
    return { kind: 'object', members };
  }

  /** A member's value: an array's elements, or the one that stands alone. */
  #list(depth: number): DocumentNode[] {
    const before = this.#at;
    if (this.#next().mark !== '[') {
      this.#at = before;
      return [this.value(depth)];
    }
    const items: DocumentNode[] = [];
    const start = this.#at;
    if (this.#next().mark === ']') return items;
    this.#at = start;
    do items.push(this.value(depth));
    while (this.#comma(']'));
    return items;
  }

  #comma(close: ']'): boolean {
    const { mark } = this.#next();
    if (mark !== ',' && mark !== close) throw unreadable('a comma is missing');
    return mark === ',';
  }

  /** After a member: the token that ends the object, or the next name. */
  #separator(close: '}'): Token {
    const token = this.#next();
    if (token.mark === close) return token;
    if (token.mark !== ',') throw unreadable('a comma is missing');
    const name = this.#next();
    if (name.mark === close) throw unreadable('a comma too many');
    return name;
  }

  #leaf({ text, plain }: Token): DocumentLeaf {
    this.#leaves += 1;
    if (this.#leaves > LEAVES_MAX) throw unreadable(`more than ${LEAVES_MAX} values`);
    return leafOf(text === undefined ? plain! : (JSON.parse(text) as string));
  }

  #next(): Token {
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text)?.groups as Token | undefined;
    if (!found) throw unreadable('it is not JSON');
    this.#at = TOKEN.lastIndex;
    return found;
  }
}

interface Token {
  mark?: string;
  text?: string;
  plain?: string;
}
