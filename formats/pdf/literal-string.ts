import { FormatError } from '../format-error.ts';

const ESCAPES = new Map<number, number>([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

const BACKSLASH = 0x5c;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** A string in parentheses (ISO 32000-1 §7.3.4.2), which begins at the offset; throws FormatError `pdf-malformed`. */
export function readLiteralString(bytes: Buffer, start: number): { bytes: Buffer; end: number } {
  const end = endOf(bytes, start);
  const out = Buffer.allocUnsafe(end - start);
  let length = 0;
  for (let at = start + 1; at < end - 1; at += 1) {
    const octet = bytes[at];
    if (octet === BACKSLASH) {
      const escape = readEscape(bytes, at + 1);
      if (escape.octet !== undefined) out[length++] = escape.octet;
      at = escape.last;
    } else if (octet === CARRIAGE_RETURN) {
      out[length++] = LINE_FEED;
      if (bytes[at + 1] === LINE_FEED) at += 1;
    } else out[length++] = octet;
  }
  return { bytes: out.subarray(0, length), end };
}

function endOf(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const octet = bytes[at];
    if (octet === BACKSLASH) at += 1;
    else if (octet === 0x28) depth += 1;
    else if (octet === 0x29) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw new FormatError('pdf-malformed', `at octet ${start}: a string has no end`);
}

/** What a backslash and the octets after it mean, the last of which is at `last`; no octet: the line goes on. */
function readEscape(bytes: Buffer, at: number): { octet?: number; last: number } {
  const octet = bytes[at];
  if (isOctal(octet)) return readOctal(bytes, at);
  if (octet === CARRIAGE_RETURN) return { last: bytes[at + 1] === LINE_FEED ? at + 1 : at };
  if (octet === LINE_FEED) return { last: at };
  return { octet: ESCAPES.get(octet) ?? octet, last: at };
}

function readOctal(bytes: Buffer, start: number): { octet: number; last: number } {
  let at = start;
  let value = 0;
  for (; at < start + 3 && isOctal(bytes[at]); at += 1) value = value * 8 + bytes[at] - 0x30;
  return { octet: value & 0xff, last: at - 1 };
}

function isOctal(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x37;
}
