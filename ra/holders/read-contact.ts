import { toAsciiDigits } from '../../core/digits.ts';
import { RaError } from '../ra-error.ts';

/** Reads an Iranian mobile number in the forms that people write: 0912…, +98912…, 0098912…; with spaces and either digits. */
export function parseMobile(text: string): string {
  const digits = toAsciiDigits(text).replaceAll(/[\s\u200c-\u200f()-]/g, '');
  const local = digits.replace(/^(\+98|0098|98(?=9[0-9]{9}$))/, '0').replace(/^00/, '0');
  if (/^09[0-9]{9}$/.test(local)) return local;
  throw new RaError('mobile-malformed', 'a mobile number has eleven digits and begins with 09');
}

/** Of RFC 5321 §4.1.2 what providers give out: no quoted local parts, no address literals, no second line for a header. */
const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,189}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** Reads an e-mail address; throws RaError `email-malformed`. */
export function parseEmail(text: string): string {
  const address = text.trim();
  if (EMAIL.test(address)) return address;
  throw new RaError('email-malformed', 'this is no e-mail address');
}
