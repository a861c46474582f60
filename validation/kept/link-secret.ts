import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

import { ValidationError } from '../validation-error.ts';

const SECRET_OCTETS = 32;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;
const CIPHER = 'aes-256-gcm';
const KEY_PURPOSE = 'mohr kept verdict';

/** 43 characters of base64url. */
export function newLinkSecret(): string {
  return randomBytes(SECRET_OCTETS).toString('base64url');
}

/** By which the database finds what a link opens. It tells nothing of the secret, which has 256 random bits. */
export function linkSha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Encrypts under the secret: whoever has the database only reads nobody's name. */
export function sealUnderLink(secret: string, content: Buffer): Buffer {
  const nonce = randomBytes(NONCE_OCTETS);
  const cipher = createCipheriv(CIPHER, keyOf(secret), nonce).setAAD(linkSha256(secret));
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, encrypted, cipher.getAuthTag()]);
}

/** Throws ValidationError `kept-verdict-damaged`. */
export function openByLink(secret: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv(CIPHER, keyOf(secret), sealed.subarray(0, NONCE_OCTETS), {
    authTagLength: TAG_OCTETS,
  })
    .setAAD(linkSha256(secret))
    .setAuthTag(sealed.subarray(-TAG_OCTETS));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_OCTETS, -TAG_OCTETS)), decipher.final()]);
  } catch (cause) {
    throw new ValidationError('kept-verdict-damaged', 'what was kept has changed in the database', { cause });
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', KEY_PURPOSE, 32));
}
