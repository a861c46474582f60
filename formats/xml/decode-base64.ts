import { FormatError } from '../format-error.ts';
import { textOf } from './xml-node.ts';
import type { XmlElement } from './xml-node.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** base64Binary of XML Schema: white space anywhere, and nothing else that is not base64; throws FormatError `xml-malformed`. */
export function decodeBase64(text: string, what: string): Buffer {
  const dense = text.replace(/[ \t\r\n]+/g, '');
  const bytes = Buffer.from(dense, 'base64');
  // Bits that are left over at the end are zero (RFC 4648 §3.5), or one value would have several texts.
  if (!BASE64.test(dense) || bytes.toString('base64') !== dense)
    throw new FormatError('xml-malformed', `${what} is not base64`);
  return bytes;
}

export function base64Of(element: XmlElement): Buffer {
  return decodeBase64(textOf(element), element.localName);
}
