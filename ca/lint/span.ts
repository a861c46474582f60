import { TAG } from '../../pki/der/tag.ts';
import { PkiError } from '../../pki/pki-error.ts';

// Rules about encodings read offsets and copy nothing, also where the strict parser gives up: `mohr lint` still has to
// say what is wrong.

/** Where an element stands: its identifier octet, and the offsets of its start, its contents and its end. */
export interface Span {
  tag: number;
  start: number;
  content: number;
  end: number;
}

/** The element at `start`, which ends before `limit`; throws PkiError `der-malformed`, also for another tag than asked for. */
export function spanAt(bytes: Buffer, start: number, limit: number, tag?: number): Span {
  const found = bytes[start];
  if (start + 2 > limit || (tag !== undefined && found !== tag)) throw malformed(start);
  let length = bytes[start + 1];
  let content = start + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0 || octets > 4 || content + octets > limit) throw malformed(start);
    length = bytes.readUIntBE(content, octets);
    content += octets;
  }
  if (content + length > limit) throw malformed(start);
  return { tag: found, start, content, end: content + length };
}

/**
 * What is wrong with a Time's encoding, if anything: UTCTime through 2049, GeneralizedTime from 2050 on, seconds written,
 * fractions not, and the zone Z (RFC 5280 §4.1.2.5, §5.1.2.4 to §5.1.2.6).
 */
export function timeFault(bytes: Buffer, span: Span): string | undefined {
  if (span.tag !== TAG.utcTime && span.tag !== TAG.generalizedTime)
    return 'is neither UTCTime nor GeneralizedTime';
  const digits = span.tag === TAG.utcTime ? 12 : 14;
  if (!isDigitsAndZ(bytes, span, digits)) return `is not ${digits} digits and Z`;
  const year =
    span.tag === TAG.utcTime ? 2050 : Number(bytes.toString('latin1', span.content, span.content + 4));
  return year < 2050 ? `writes the year ${year} as GeneralizedTime` : undefined;
}

function isDigitsAndZ(bytes: Buffer, { content, end }: Span, digits: number): boolean {
  if (end - content !== digits + 1 || bytes[end - 1] !== 0x5a) return false;
  for (let at = content; at < end - 1; at += 1) if (bytes[at] < 0x30 || bytes[at] > 0x39) return false;
  return true;
}

function malformed(at: number): PkiError {
  return new PkiError('der-malformed', `unexpected element at octet ${at}`);
}
