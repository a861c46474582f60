import { FormatError } from '../format-error.ts';
import { NAMESPACE } from './namespaces.ts';
import { isNamed } from './xml-node.ts';
import type { XmlDocument, XmlElement } from './xml-node.ts';

/** Each costs verifications; CMS has the same bound. */
const SIGNATURES_MAX = 16;

/**
 * The signatures of a document that are not within another: what is within one is its content, or countersigns it.
 * Throws FormatError `xml-malformed` for too many.
 */
export function topSignatures({ root }: XmlDocument): XmlElement[] {
  const found: XmlElement[] = [];
  const search = (element: XmlElement): void => {
    if (isNamed(element, NAMESPACE.signature, 'Signature')) {
      if (found.length === SIGNATURES_MAX)
        throw new FormatError('xml-malformed', `more than ${SIGNATURES_MAX} signatures`);
      found.push(element);
      return;
    }
    for (const child of element.children) if (child.kind === 'element') search(child);
  };
  search(root);
  return found;
}
