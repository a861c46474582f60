import { FormatError } from '../format-error.ts';
import { decodeBase64url } from './base64.ts';
import { faultOfHeader } from './jose-header.ts';
import { isJsonObject, memberOf, parseJsonObject } from './json-value.ts';
import type { JsonObject, JsonValue } from './json-value.ts';
import type { Jws, JwsSignature } from './jws.ts';

/** As much as a CMS signature may have, a third longer in base64. */
export const JWS_OCTETS_MAX = 24 * 1024 * 1024;
/** As many as a CMS signature may have. */
const SIGNATURES_MAX = 16;
/** A chain, a policy and a time stamp over the content; evidence stands in the unprotected header. */
const PROTECTED_CHARACTERS_MAX = 512 * 1024;
const SIGNATURE_CHARACTERS_MAX = 16 * 1024;

/** Printable ASCII but the point: a payload that was not encoded stands so in the compact form (RFC 7797 §5.2). */
const COMPACT = /^([A-Za-z0-9_-]+)\.([\x20-\x2d\x2f-\x7e]*)\.([A-Za-z0-9_-]*)$/;

/**
 * Reads a JWS in one of its three serializations; white space around it is passed over. Of several signatures, one that cannot be read
 * has a fault and does not spoil the others. Throws FormatError `jws-malformed`.
 * @see RFC 7515 §7, RFC 7797
 */
export function readJws(bytes: Uint8Array): Jws {
  if (bytes.length > JWS_OCTETS_MAX)
    throw new FormatError('jws-malformed', `${bytes.length} octets, at most ${JWS_OCTETS_MAX}`);
  return looksLikeJson(bytes) ? readJson(parseJsonObject(bytes)) : readCompact(bytes);
}

/** By the first octets: an object, or the beginning of a header in base64url. */
export function looksLikeJws(bytes: Uint8Array): boolean {
  return (
    looksLikeJson(bytes) ||
    /^\s*e[wy3][A-Za-z0-9_-]{2}/.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))
  );
}

/** A brace after white space. */
function looksLikeJson(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && WHITE_SPACE.has(bytes[at])) at += 1;
  return bytes[at] === 0x7b;
}

const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

function readCompact(bytes: Uint8Array): Jws {
  const parts = COMPACT.exec(Buffer.from(bytes).toString('latin1').trim());
  if (!parts)
    throw new FormatError('jws-malformed', 'it is not three parts of base64url with points between them');
  const [, protectedText, payloadText, signatureText] = parts;
  const signature = readSignature({ protectedText, unprotectedHeader: {}, signatureText });
  const isDetached = payloadText === '';
  return {
    serialization: 'compact',
    payload: isDetached ? undefined : payloadOf(payloadText, signature.isPayloadEncoded),
    signatures: [signature],
  };
}

/** Names that stand in the JSON forms only as they belong there: a signature beside `signatures` is one that somebody overlooks. */
function readJson(document: JsonObject): Jws {
  const entries = memberOf(document, 'signatures');
  if (entries === undefined) {
    const signature = readEntry(document);
    return jsonForm('flattened', document, [signature]);
  }
  const stray = ['signature', 'protected', 'header'].find((name) => Object.hasOwn(document, name));
  if (stray !== undefined) throw new FormatError('jws-malformed', `${stray} stands beside signatures`);
  if (!Array.isArray(entries) || entries.length === 0)
    throw new FormatError('jws-malformed', 'signatures is no list, or an empty one');
  if (entries.length > SIGNATURES_MAX)
    throw new FormatError('jws-malformed', `${entries.length} signatures, at most ${SIGNATURES_MAX}`);
  return jsonForm('general', document, (entries as readonly JsonValue[]).map(readEntryOrFault));
}

function jsonForm(
  serialization: 'flattened' | 'general',
  document: JsonObject,
  signatures: readonly JwsSignature[],
): Jws {
  const payload = memberOf(document, 'payload');
  if (payload !== undefined && typeof payload !== 'string')
    throw new FormatError('jws-malformed', 'the payload is no text');
  const readable = signatures.filter(({ fault }) => fault === undefined);
  const [{ isPayloadEncoded } = { isPayloadEncoded: true }] = readable;
  // RFC 7797 §3: one payload is not read in two ways.
  if (readable.some((one) => one.isPayloadEncoded !== isPayloadEncoded))
    throw new FormatError('jws-malformed', 'the signatures differ in b64');
  // Who detaches a payload leaves it out or empty.
  const isDetached = payload === undefined || payload === '';
  return {
    serialization,
    payload: isDetached ? undefined : payloadOf(payload, isPayloadEncoded, 'utf8'),
    signatures,
  };
}

function readEntryOrFault(entry: JsonValue): JwsSignature {
  try {
    if (!isJsonObject(entry)) throw new FormatError('jws-malformed', 'a signature is no JSON object');
    return readEntry(entry);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    return { ...UNREADABLE, fault: cause.detail };
  }
}

const UNREADABLE: JwsSignature = {
  protectedText: '',
  protectedHeader: {},
  unprotectedHeader: {},
  signatureText: '',
  signature: Buffer.alloc(0),
  isPayloadEncoded: true,
};

function readEntry(entry: JsonObject): JwsSignature {
  const signatureText = memberOf(entry, 'signature');
  if (typeof signatureText !== 'string') throw new FormatError('jws-malformed', 'a signature has no value');
  const protectedText = memberOf(entry, 'protected') ?? '';
  if (typeof protectedText !== 'string')
    throw new FormatError('jws-malformed', 'a protected header is no text');
  const unprotectedHeader = memberOf(entry, 'header') ?? {};
  if (!isJsonObject(unprotectedHeader))
    throw new FormatError('jws-malformed', 'an unprotected header is no object');
  return readSignature({ protectedText, unprotectedHeader, signatureText });
}

function readSignature(
  parts: Pick<JwsSignature, 'protectedText' | 'unprotectedHeader' | 'signatureText'>,
): JwsSignature {
  const { protectedText, unprotectedHeader, signatureText } = parts;
  if (protectedText.length > PROTECTED_CHARACTERS_MAX)
    throw new FormatError('jws-malformed', `a protected header of ${protectedText.length} characters`);
  if (signatureText.length > SIGNATURE_CHARACTERS_MAX)
    throw new FormatError('jws-malformed', `a signature of ${signatureText.length} characters`);
  const protectedHeader = protectedText === '' ? {} : parseJsonObject(decodeBase64url(protectedText));
  const fault = faultOfHeader(protectedHeader, unprotectedHeader);
  return {
    ...parts,
    protectedHeader,
    signature: decodeBase64url(signatureText),
    isPayloadEncoded: memberOf(protectedHeader, 'b64') !== false,
    ...(fault !== undefined && { fault }),
  };
}

function payloadOf(text: string, isEncoded: boolean, charset: 'latin1' | 'utf8' = 'latin1'): Buffer {
  return isEncoded ? decodeBase64url(text) : Buffer.from(text, charset);
}
