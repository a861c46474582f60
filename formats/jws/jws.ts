import type { JsonObject } from './json-value.ts';

/** RFC 7515 §3.1, §7.2.1 and §7.2.2. */
export type JwsSerialization = 'compact' | 'flattened' | 'general';

/** One signature of a JWS, as read; nothing in it is verified. */
export interface JwsSignature {
  /** The protected header as it stands, base64url; empty: there is none. */
  protectedText: string;
  protectedHeader: JsonObject;
  /** Anybody may have written what stands in it. */
  unprotectedHeader: JsonObject;
  /** Base64url, as it stands. */
  signatureText: string;
  signature: Buffer;
  /** Whether the payload is base64url where it is signed (RFC 7797 §3). */
  isPayloadEncoded: boolean;
  /** Why this signature counts for nothing, though the others may. */
  fault?: string;
}

/** A JWS (RFC 7515 §7) as read. */
export interface Jws {
  serialization: JwsSerialization;
  /** What was signed; undefined: it is detached (RFC 7515 appendix F). */
  payload: Buffer | undefined;
  signatures: readonly JwsSignature[];
}
