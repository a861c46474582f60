import { KeyError } from '../key-error.ts';
import type { Passphrase } from '../passphrase.ts';

const CHARACTERS_MIN = 8;
const CHARACTERS_MAX = 128;

/**
 * The password of a PKCS#12 file as text: printable ASCII. Beyond it, devices read the same password as different octets (UTF-8,
 * UTF-16 or a code page: RFC 7292 Appendix B.1 beside RFC 8018), and a Persian one would open the file on the machine that made
 * it and on no other. Throws KeyError `pkcs12-password`.
 */
export function pkcs12Password(passphrase: Passphrase): string {
  const text = passphrase.reveal().toString('latin1');
  if (!/^[\x20-\x7e]*$/.test(text))
    throw new KeyError(
      'pkcs12-password',
      'a password of a PKCS#12 file has Latin letters, digits and signs only: devices read others each in its own way',
    );
  if (text.length < CHARACTERS_MIN || text.length > CHARACTERS_MAX)
    throw new KeyError(
      'pkcs12-password',
      `a password of a PKCS#12 file has ${CHARACTERS_MIN} to ${CHARACTERS_MAX} characters, this one ${text.length}`,
    );
  return text;
}

/** As RFC 7292 Appendix B.1 wants it: UTF-16 with the most significant octet first, and a terminating NULL. */
export function bmpPassword(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}
