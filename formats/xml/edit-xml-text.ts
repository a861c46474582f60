import type { XmlElement } from './xml-node.ts';

// Documents are changed in their text, not written anew from the tree: what others have signed stays as it is, octet by octet.

/** The text with markup added as the last content of an element. */
export function withAppended(text: string, element: XmlElement, markup: string): string {
  const { name, contentStart, contentEnd } = element;
  if (!isEmptyTag(text, element)) return text.slice(0, contentEnd) + markup + text.slice(contentEnd);
  return `${text.slice(0, contentStart - 2)}>${markup}</${name}>${text.slice(contentStart)}`;
}

/** The text with the contents of elements, which have no elements in them, replaced. */
export function withContents(
  text: string,
  contents: readonly { element: XmlElement; content: string }[],
): string {
  // From the last to the first, so that offsets before it stay right.
  const ordered = contents.toSorted((a, b) => b.element.contentStart - a.element.contentStart);
  let out = text;
  for (const { element, content } of ordered)
    out = out.slice(0, element.contentStart) + content + out.slice(element.contentEnd);
  return out;
}

const DECLARATION = /^<\?xml\s[^?]*\?>/;
const OTHER_ENCODING = /encoding\s*=\s*(["'])(?!utf-?8\1|us-ascii\1)[^"']*\1/i;

/** The document in UTF-8; a declaration of another encoding is corrected, which canonical XML does not show. */
export function encodeXml(text: string): Buffer {
  const declaration = DECLARATION.exec(text)?.[0] ?? '';
  const corrected = declaration.replace(OTHER_ENCODING, 'encoding="UTF-8"');
  return Buffer.from(corrected + text.slice(declaration.length), 'utf8');
}

function isEmptyTag(text: string, { contentStart, contentEnd }: XmlElement): boolean {
  return contentStart === contentEnd && text.slice(contentStart - 2, contentStart) === '/>';
}
