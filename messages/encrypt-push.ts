import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { ECDH } from 'node:crypto';

const SALT_OCTETS = 16;
/** One record, larger than any message here (RFC 8188 §2). */
const RECORD_OCTETS = 4_096;
/** RFC 8188 §2.1: what ends the last record. */
const LAST_RECORD = Buffer.of(2);

export interface PushReceiver {
  /** The browser's key, an uncompressed point on P-256. */
  p256dh: Buffer;
  authSecret: Buffer;
}

/** For the example of RFC 8291 §5; else both are new for each message. */
export interface PushSecrets {
  salt: Buffer;
  key: ECDH;
}

/** Encrypts a message for one browser: a body with `Content-Encoding: aes128gcm`. @see RFC 8291 §3.4, RFC 8188 §2 */
export function encryptPush(
  message: Uint8Array,
  { p256dh, authSecret }: PushReceiver,
  { salt, key }: PushSecrets = newSecrets(),
): Buffer {
  const ours = key.getPublicKey();
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, ours]);
  const material = derive(key.computeSecret(p256dh), authSecret, info, 32);
  const contentKey = derive(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce);
  const record = Buffer.concat([cipher.update(message), cipher.update(LAST_RECORD), cipher.final()]);
  const recordOctets = Buffer.alloc(4);
  recordOctets.writeUInt32BE(RECORD_OCTETS);
  return Buffer.concat([salt, recordOctets, Buffer.of(ours.length), ours, record, cipher.getAuthTag()]);
}

function newSecrets(): PushSecrets {
  const key = createECDH('prime256v1');
  key.generateKeys();
  return { salt: randomBytes(SALT_OCTETS), key };
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, octets: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, octets));
}
