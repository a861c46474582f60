import { PdfString } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';

const UTF_16_MARK = Buffer.from([0xfe, 0xff]);
const UTF_8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Encodes text (ISO 32000-1 §7.9.2.2): ASCII as it is, anything else in UTF-16. */
export function encodeText(text: string): PdfString {
  const ascii = Buffer.from(text, 'utf8');
  if (ascii.length === text.length) return new PdfString(ascii);
  return new PdfString(Buffer.concat([UTF_16_MARK, Buffer.from(text, 'utf16le').swap16()]));
}

/** Text of a string; undefined where there is no string. What PDFDocEncoding has beyond Latin-1 is not told apart. */
export function textOf(value: PdfValue): string | undefined {
  if (!(value instanceof PdfString)) return undefined;
  const { bytes } = value;
  if (bytes.subarray(0, 3).equals(UTF_8_MARK)) return bytes.toString('utf8', 3);
  if (!bytes.subarray(0, 2).equals(UTF_16_MARK)) return bytes.toString('latin1');
  return Buffer.from(bytes.subarray(2, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** Encodes an instant to the second, in UTC (§7.9.4). */
export function encodeDate(instant: Date): PdfString {
  const digits = instant.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  return new PdfString(Buffer.from(`D:${digits}Z`));
}

const DATE = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?/;

/** Instant of a date; undefined where there is none. Without an offset, UTC is taken. */
export function dateOf(value: PdfValue): Date | undefined {
  const match = DATE.exec(textOf(value) ?? '');
  if (!match) return undefined;
  const [year, month, day, hours, minutes, seconds] = match
    .slice(1, 7)
    .map((digits, index) => (digits ? Number(digits) : DATE_PARTS[index]));
  const sign = match[7] === '-' ? -1 : 1;
  const offsetMinutes = sign * (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0));
  const instant = new Date(Date.UTC(year, month - 1, day, hours, minutes - offsetMinutes, seconds));
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** What parts that are left out stand for. */
const DATE_PARTS = [0, 1, 1, 0, 0, 0];
