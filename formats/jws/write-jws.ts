import { FormatError } from '../format-error.ts';
import type { JsonObject } from './json-value.ts';
import type { JwsSerialization } from './jws.ts';

export interface WrittenSignature {
  /** Base64url. */
  protectedText: string;
  signature: Uint8Array;
  unprotectedHeader?: JsonObject;
}

export interface WrittenJws {
  serialization: JwsSerialization;
  /** Undefined: detached. */
  payload: Uint8Array | undefined;
  isPayloadEncoded: boolean;
  signatures: readonly WrittenSignature[];
}

/** What stands unencoded in the compact form must not end it (RFC 7797 §5.2). */
const COMPACT_PAYLOAD = /^[\x20-\x2d\x2f-\x7e]+$/;

/**
 * Writes a JWS. Throws FormatError `jws-malformed` for what a serialization cannot carry: unprotected headers, several signatures and
 * most payloads that are not encoded in the compact form, octets that are no UTF-8 in JSON.
 * @see RFC 7515 §7, RFC 7797 §5
 */
export function writeJws(jws: WrittenJws): Buffer {
  return Buffer.from(jws.serialization === 'compact' ? compact(jws) : JSON.stringify(json(jws)), 'utf8');
}

function compact({ payload, isPayloadEncoded, signatures }: WrittenJws): string {
  const [{ protectedText, signature, unprotectedHeader }] = signatures;
  if (signatures.length !== 1 || unprotectedHeader)
    throw new FormatError(
      'jws-malformed',
      'the compact form carries one signature and no unprotected header',
    );
  const text = payload === undefined ? '' : payloadText(payload, isPayloadEncoded);
  if (payload && !isPayloadEncoded && !COMPACT_PAYLOAD.test(text))
    throw new FormatError('jws-malformed', 'the payload cannot stand unencoded in the compact form');
  return [protectedText, text, Buffer.from(signature).toString('base64url')].join('.');
}

function json({ serialization, payload, isPayloadEncoded, signatures }: WrittenJws): object {
  const entries = signatures.map(({ protectedText, signature, unprotectedHeader }) => ({
    protected: protectedText,
    ...(unprotectedHeader && { header: unprotectedHeader }),
    signature: Buffer.from(signature).toString('base64url'),
  }));
  const signed = payload && { payload: payloadText(payload, isPayloadEncoded) };
  return serialization === 'flattened' ? { ...signed, ...entries[0] } : { ...signed, signatures: entries };
}

function payloadText(payload: Uint8Array, isPayloadEncoded: boolean): string {
  if (isPayloadEncoded) return Buffer.from(payload).toString('base64url');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
  } catch (cause) {
    throw new FormatError('jws-malformed', 'the payload is no UTF-8 and cannot stand unencoded', { cause });
  }
}
