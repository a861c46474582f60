import { looksLikeJws } from '../formats/jws/read-jws.ts';
import { looksLikeXml } from '../formats/xml/parse-xml.ts';
import { looksLikeZip } from '../formats/zip/read-zip.ts';
import { readAsic } from './asic/read-asic.ts';
import { readJades } from './jades/read-jades.ts';
import { isPdf } from '../formats/pdf/pdf-file.ts';
import { readCades } from './cades/read-cades.ts';
import { readPades } from './pades/read-pades.ts';
import type { PresentedDocument, SignatureInput } from './presented-signature.ts';
import { readXades } from './xades/read-xades.ts';

/** A format of signatures: how it is told from others, and how it is read. */
export interface SignatureFormatReader {
  name: string;
  /** By the first octets, at once: whether it is whole the reader says. */
  recognises(bytes: Uint8Array): boolean;
  /** Throws PkiError or FormatError when the document as a whole cannot be read. */
  read(input: SignatureInput): PresentedDocument;
}

/** Asked from the first on. BER has no mark of its own, so CMS is what is left, and says what is wrong with it. */
const SIGNATURE_FORMATS: readonly SignatureFormatReader[] = [
  { name: 'JAdES', recognises: looksLikeJws, read: readJades },
  { name: 'XAdES', recognises: looksLikeXml, read: readXades },
  { name: 'ASiC', recognises: looksLikeZip, read: readAsic },
  { name: 'PAdES', recognises: isPdf, read: readPades },
  { name: 'CAdES', recognises: () => true, read: readCades },
];

/** Reads a document in whichever format it is. */
export function readSignatures(input: SignatureInput): PresentedDocument {
  const format = SIGNATURE_FORMATS.find(({ recognises }) => recognises(input.signature));
  if (!format) throw new Error('the last format recognises everything');
  return format.read(input);
}
