import { Type } from 'typebox';

import { DomainError } from '../../core/errors.ts';
import { SIGNATURE_OCTETS_MAX } from '../../ra/renewal/signed-by-holder.ts';

/** Base64 of a CMS SignedData. */
export const SignatureText = Type.String({
  minLength: 1,
  maxLength: Math.ceil(SIGNATURE_OCTETS_MAX / 3) * 4,
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
  description: 'CMS SignedData (CAdES) with one signer, enveloping, base64',
});

/** A signature's verification costs little, and every other question is asked of people who have one of our certificates. */
export const RENEWAL_RATE = { max: 10, timeWindow: '1 minute' };

export function readSignature(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > 0 && bytes.length <= SIGNATURE_OCTETS_MAX) return bytes;
  throw new DomainError('renewal-signature-malformed', `a signature has 1 to ${SIGNATURE_OCTETS_MAX} octets`);
}
