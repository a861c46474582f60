import { fileUri } from '../../formats/asic/asic-names.ts';
import { looksLikeXml } from '../../formats/xml/parse-xml.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { signAsic } from '../../signing/asic/sign-asic.ts';
import type { AsicRequest } from '../../signing/asic/sign-asic.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import { signPades } from '../../signing/pades/sign-pades.ts';
import { SigningError } from '../../signing/signing-error.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import type { XadesSubject } from '../../signing/xades/xades-request.ts';

/** What every format signs at B-B. */
export interface FormatOrder {
  content: Buffer;
  /** Of the file, without its folder: what detached XML signatures and containers call it. */
  fileName: string;
  detached: boolean;
  mimeType?: string;
  signer: Signer;
  certificate: Certificate;
  chain: readonly Certificate[];
  signingTime: Date;
}

export interface SignedFormat {
  /** As `--format` names it. */
  name: string;
  /** As the table of augmentation does, where that is another name. */
  augmentedAs?: string;
  /** Of the file that is written beside the document. */
  extension: string;
  sign(order: FormatOrder): Promise<Buffer>;
}

/** What `mohr sign` makes, one row a format. */
export const SIGNED_FORMATS: readonly SignedFormat[] = [
  { name: 'cades', extension: 'p7m', sign: signCades },
  { name: 'jades', extension: 'jws', sign: signAsJades },
  { name: 'pades', extension: 'signed.pdf', sign: signPdf },
  { name: 'xades', extension: 'xades', sign: signAsXades },
  { name: 'asic', extension: 'asice', sign: (order) => signAsAsic(order, 'XAdES') },
  {
    name: 'asic-cades',
    augmentedAs: 'asic',
    extension: 'asice',
    sign: (order) => signAsAsic(order, 'CAdES'),
  },
];

function signAsJades({ mimeType, ...order }: FormatOrder): Promise<Buffer> {
  return signJades({ ...order, ...(mimeType !== undefined && { mediaType: mimeType }) });
}

/** Within an XML document, else around the content; beside it where that is asked for. */
function signAsXades({ content, fileName, detached, mimeType, ...order }: FormatOrder): Promise<Buffer> {
  const described = mimeType === undefined ? {} : { mediaType: mimeType };
  const subject: XadesSubject = detached
    ? { packaging: 'detached', contents: [{ uri: fileUri(fileName), bytes: content, ...described }] }
    : { packaging: looksLikeXml(content) ? 'enveloped' : 'enveloping', content, ...described };
  return signXades({ ...order, subject });
}

/** Signed with XAdES, or with CAdES over an ASiCManifest. */
function signAsAsic(
  { content, fileName, mimeType, ...order }: FormatOrder,
  form: AsicRequest['form'],
): Promise<Buffer> {
  const mediaType = mimeType ?? 'application/octet-stream';
  return signAsic({ ...order, form, files: [{ name: fileName, bytes: content, mediaType }] });
}

/** The signature stands in the document itself. */
async function signPdf({ content, detached, ...order }: FormatOrder): Promise<Buffer> {
  if (detached) throw new SigningError('document-format', 'a PDF holds its signature: it cannot be detached');
  return signPades({ ...order, document: content });
}
