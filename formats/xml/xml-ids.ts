import { FormatError } from '../format-error.ts';
import { NAMESPACE } from './namespaces.ts';
import { elementsWithin } from './xml-node.ts';
import type { XmlDocument, XmlElement } from './xml-node.ts';

/** Without a schema nobody knows which attributes are identifiers: these are, and nothing else. */
const ID_NAMES = new Set(['Id', 'ID', 'id']);

/** The elements of a document by their identifiers. */
export class XmlIds {
  readonly #elements = new Map<string, XmlElement | 'ambiguous'>();

  constructor(document: XmlDocument) {
    for (const element of elementsWithin(document.root))
      for (const { name, localName, namespace, value } of element.attributes)
        if (ID_NAMES.has(name) || (namespace === NAMESPACE.xml && localName === 'id'))
          this.#add(value, element);
  }

  /**
   * The one element with that identifier. Throws FormatError `xml-malformed` when there is none, or more than one: the verifier
   * would take one of them and whoever reads the document the other (signature wrapping).
   */
  resolve(id: string): XmlElement {
    const found = this.#elements.get(id);
    if (found === undefined)
      throw new FormatError('xml-malformed', 'a reference to an Id that no element has');
    if (found === 'ambiguous')
      throw new FormatError('xml-malformed', 'a reference to an Id that several elements have');
    return found;
  }

  has(id: string): boolean {
    return this.#elements.has(id);
  }

  #add(id: string, element: XmlElement): void {
    const before = this.#elements.get(id);
    this.#elements.set(id, before === undefined || before === element ? element : 'ambiguous');
  }
}
