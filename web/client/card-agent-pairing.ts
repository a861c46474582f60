// Both sides derive the code and the key from one transcript; the agent's side is cli/card-agent/pairing-secrets.ts.
import { fromBase64Url, toBase64Url } from './base64url.ts';

/** What the console brings to a pairing: an ephemeral key, and the nonce of its commitment. */
export interface OfferedKey {
  privateKey: CryptoKey;
  /** Uncompressed point, base64url. */
  publicKey: string;
  nonce: string;
  commitment: string;
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const NONCE_OCTETS = 32;
const CODE_DIGITS = 6;

/**
 * Makes the console's ephemeral key and commits to it: it is shown after the agent has shown its own, so that neither side
 * can try keys until the six digits agree with those of somebody in between.
 */
export async function offeredKey(ticketKey: JsonWebKey | undefined): Promise<OfferedKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const publicKey = toBase64Url(await crypto.subtle.exportKey('raw', pair.publicKey));
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(NONCE_OCTETS)));
  const commitment = await sha256(`mohr commitment\n${publicKey}\n${nonce}\n${ticketKeyText(ticketKey)}`);
  return { privateKey: pair.privateKey, publicKey, nonce, commitment: toBase64Url(commitment) };
}

/** SHA-256 over everything that both sides have to agree on. */
export function transcriptOf(parts: {
  origin: string;
  agentId: string;
  console: { publicKey: string; nonce: string };
  agentKey: string;
  ticketKey: JsonWebKey | undefined;
}): Promise<ArrayBuffer> {
  const { origin, agentId, agentKey, ticketKey } = parts;
  const lines = ['mohr pairing', origin, agentId, parts.console.publicKey, parts.console.nonce, agentKey];
  return sha256([...lines, ticketKeyText(ticketKey)].join('\n'));
}

/** The octets of the code, and the pairing key, which cannot be exported. */
export async function pairingSecrets(
  privateKey: CryptoKey,
  agentKey: string,
  transcript: ArrayBuffer,
): Promise<{ code: ArrayBuffer; key: CryptoKey }> {
  const peer = await crypto.subtle.importKey('raw', fromBase64Url(agentKey), CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, privateKey, 256);
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits', 'deriveKey']);
  const hkdf = (info: string): HkdfParams => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: transcript,
    info: new TextEncoder().encode(info),
  });
  const mac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return {
    code: await crypto.subtle.deriveBits(hkdf('mohr pairing code'), material, 64),
    key: await crypto.subtle.deriveKey(hkdf('mohr pairing key'), material, mac, false, ['sign', 'verify']),
  };
}

/** Six digits of 64 bits; the remainder's bias is below 2^-44. */
export function pairingCode(octets: ArrayBuffer): string {
  const number = new DataView(octets).getBigUint64(0);
  return String(number % 10n ** BigInt(CODE_DIGITS)).padStart(CODE_DIGITS, '0');
}

/** The members that make the key (RFC 7638 §3), and nothing that a JWK may have beside them. */
function ticketKeyText(ticketKey: JsonWebKey | undefined): string {
  return ticketKey ? JSON.stringify({ crv: ticketKey.crv, kty: ticketKey.kty, x: ticketKey.x }) : 'none';
}

function sha256(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
}
