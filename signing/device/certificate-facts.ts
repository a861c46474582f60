import { SigningError } from '../signing-error.ts';
import { TAG, context } from './der-octets.ts';

/** What a phone reads in its own certificate. */
export interface CertificateFacts {
  /** DER, as are issuer and serial number: whole elements. */
  bytes: Uint8Array;
  issuer: Uint8Array;
  serialNumber: Uint8Array;
  subjectPublicKeyInfo: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  givenName?: string;
  surname?: string;
  commonName?: string;
  /** The national id. */
  personNumber?: string;
}

/** Reads a certificate that the service has just sent (RFC 5280 §4.1); throws SigningError `certificate-unreadable`. */
export function readCertificateFacts(bytes: Uint8Array): CertificateFacts {
  const certificate = new Reader(bytes).enter(TAG.sequence);
  const fields = certificate.enter(TAG.sequence);
  if (fields.nextTag() === context(0)) fields.take(context(0));
  const serialNumber = fields.take(TAG.integer);
  fields.take(TAG.sequence);
  const issuer = fields.take(TAG.sequence);
  const validity = fields.enter(TAG.sequence);
  const [notBefore, notAfter] = [readTime(validity), readTime(validity)];
  const names = readNames(fields.enter(TAG.sequence));
  const subjectPublicKeyInfo = fields.take(TAG.sequence);
  const named = (oid: string) => names.get(oid);
  return {
    bytes,
    issuer,
    serialNumber,
    subjectPublicKeyInfo,
    notBefore,
    notAfter,
    givenName: named(NAME.givenName),
    surname: named(NAME.surname),
    commonName: named(NAME.commonName),
    personNumber: named(NAME.serialNumber),
  };
}

/** The content of id-at OIDs (X.520), hexadecimal. */
const NAME = {
  commonName: '550403',
  surname: '550404',
  serialNumber: '550405',
  givenName: '55042a',
} as const;

function readNames(subject: Reader): Map<string, string> {
  const names = new Map<string, string>();
  while (!subject.isAtEnd()) {
    const attributes = subject.enter(TAG.set);
    while (!attributes.isAtEnd()) {
      const attribute = attributes.enter(TAG.sequence);
      const type = attribute.content(OBJECT_IDENTIFIER);
      const value = attribute.content(attribute.nextTag());
      names.set(hexOf(type), new TextDecoder().decode(value));
    }
  }
  return names;
}

/** UTCTime up to 2049, GeneralizedTime afterwards (RFC 5280 §4.1.2.5). */
function readTime(validity: Reader): Date {
  const isShort = validity.nextTag() === TAG.utcTime;
  const text = new TextDecoder().decode(validity.content(isShort ? TAG.utcTime : TAG.generalizedTime));
  const century = isShort ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') : '';
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
  if (!found) throw unreadable();
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

const OBJECT_IDENTIFIER = 0x06;

/** Elements of DER, one after the other; lengths of up to three octets. */
class Reader {
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#octets.length;
  }

  nextTag(): number {
    if (this.isAtEnd()) throw unreadable();
    return this.#octets[this.#at];
  }

  /** A whole element. */
  take(tag: number): Uint8Array {
    const { end } = this.#measure(tag);
    const whole = this.#octets.subarray(this.#at, end);
    this.#at = end;
    return whole;
  }

  content(tag: number): Uint8Array {
    const { start, end } = this.#measure(tag);
    this.#at = end;
    return this.#octets.subarray(start, end);
  }

  enter(tag: number): Reader {
    return new Reader(this.content(tag));
  }

  #measure(tag: number): { start: number; end: number } {
    if (this.nextTag() !== tag) throw unreadable();
    const first = this.#octets[this.#at + 1] ?? 0xff;
    const count = first > 0x7f ? first & 0x7f : 0;
    if (count > 3) throw unreadable();
    const start = this.#at + 2 + count;
    const length =
      count === 0
        ? first
        : this.#octets.subarray(this.#at + 2, start).reduce((sum, octet) => sum * 256 + octet, 0);
    const end = start + length;
    if (end > this.#octets.length) throw unreadable();
    return { start, end };
  }
}

function hexOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function unreadable(): SigningError {
  return new SigningError('certificate-unreadable', 'the certificate cannot be read');
}
