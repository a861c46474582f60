/** The payload as it is signed: base64url, or its octets (RFC 7797 §3). */
export function signedPayload(payload: Uint8Array, isPayloadEncoded: boolean): Buffer {
  return isPayloadEncoded
    ? Buffer.from(Buffer.from(payload).toString('base64url'), 'latin1')
    : Buffer.from(payload);
}

/** What a JWS signs: its protected header, a point, and the payload as it is signed. @see RFC 7515 §5.1, RFC 7797 §3 */
export function signingInput(protectedText: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${protectedText}.`, 'latin1'), payload]);
}
