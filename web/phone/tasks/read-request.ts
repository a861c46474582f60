import { PDF_MEDIA_TYPE, displayDocument, displayText } from '../../../signing/display/display-document.ts';
import type {
  DisplayedDocument,
  SignedDocument,
  StructuredMediaType,
} from '../../../signing/display/display-document.ts';
import { coveredOctets } from '../../../signing/device/pdf-coverage.ts';
import { hashesJoined, verificationCodeOf } from '../../../signing/device/signed-octets.ts';
import type { RequestDocument, SigningRequest } from '../../client/signing-request.ts';
import { fromBase64, sha256, toHex } from '../keys/octets.ts';
import { PhoneError } from '../keys/phone-error.ts';

/** A request as the holder sees it, made here of the very octets that will be signed. */
export interface ReadRequest {
  request: SigningRequest;
  shown: DisplayedDocument[];
  /** Of each document. */
  hashes: Uint8Array<ArrayBuffer>[];
  /** Contents; undefined where only a hash is known. */
  contents: (Uint8Array<ArrayBuffer> | undefined)[];
  verificationCode: string;
  displaySha256: string;
}

const FORMATS = ['cades', 'jades', 'pades'];

/**
 * Reads what is to be signed. Throws SigningError `document-unreadable` for what this page cannot show whole, and PhoneError
 * `request-differs` for what is for another certificate or in a form that it does not know.
 */
export async function readRequest(request: SigningRequest, certificateSha256: string): Promise<ReadRequest> {
  const [own] = request.chain;
  if (toHex(await sha256(fromBase64(own))) !== certificateSha256 || !FORMATS.includes(request.format))
    throw new PhoneError('request-differs');
  const contents = request.documents.map(({ content }) =>
    content === undefined ? undefined : fromBase64(content),
  );
  const shown = request.documents.map((document, index) =>
    displayDocument(signedOf(document, contents[index]), request.patientView),
  );
  const hashes = await Promise.all(
    request.documents.map((document, index) => hashOf(document, contents[index])),
  );
  return {
    request,
    shown,
    hashes,
    contents,
    verificationCode: verificationCodeOf(await sha256(octets(hashesJoined(hashes)))),
    displaySha256: toHex(await sha256(new TextEncoder().encode(displayText(shown)))),
  };
}

function signedOf(
  { title, mediaType, displayText: text }: RequestDocument,
  content: Uint8Array | undefined,
): SignedDocument {
  if (content !== undefined && mediaType !== PDF_MEDIA_TYPE)
    return { title, mediaType: mediaType as StructuredMediaType, content };
  if (text === undefined) throw new PhoneError('request-differs');
  return { title, displayText: text };
}

async function hashOf(
  { sha256: hex, mediaType, signatureStart: start = 0, signatureEnd: end = 0 }: RequestDocument,
  content: Uint8Array<ArrayBuffer> | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (content !== undefined && mediaType === PDF_MEDIA_TYPE)
    return sha256(octets(coveredOctets({ document: content, start, end })));
  if (content !== undefined) return sha256(content);
  if (!/^[0-9a-f]{64}$/.test(hex ?? '')) throw new PhoneError('request-differs');
  return Uint8Array.from(hex!.match(/../g)!, (pair) => parseInt(pair, 16));
}

function octets(view: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view);
}
