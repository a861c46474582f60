import { PdfDictionary, PdfName, PdfReference, PdfStream, PdfString, isArray } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';

/** Encodes a value (ISO 32000-1 §7.3); a stream is written with its data, by IncrementalUpdate. */
export function encodeValue(value: PdfValue): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: PdfValue, parts: Buffer[]): void {
  if (isArray(value)) writeArray(value, parts);
  else if (value instanceof PdfDictionary) writeDictionary(value, parts);
  else if (value instanceof PdfString) parts.push(encodeString(value));
  else if (value instanceof PdfStream) throw new Error('a stream is no direct value');
  else parts.push(Buffer.from(encodeSimple(value), 'latin1'));
}

function encodeSimple(value: null | boolean | number | PdfName | PdfReference): string {
  if (value instanceof PdfName) return encodeName(value.name);
  if (value instanceof PdfReference) return `${value.number} ${value.generation} R`;
  return typeof value === 'number' ? encodeNumber(value) : String(value);
}

function writeArray(values: readonly PdfValue[], parts: Buffer[]): void {
  parts.push(Buffer.from('['));
  values.forEach((value, index) => {
    if (index > 0) parts.push(Buffer.from(' '));
    write(value, parts);
  });
  parts.push(Buffer.from(']'));
}

function writeDictionary({ entries }: PdfDictionary, parts: Buffer[]): void {
  parts.push(Buffer.from('<<'));
  for (const [key, value] of entries) {
    parts.push(Buffer.from(`${encodeName(key)} `, 'latin1'));
    write(value, parts);
    parts.push(Buffer.from('\n'));
  }
  parts.push(Buffer.from('>>'));
}

function encodeString({ bytes, hexadecimal }: PdfString): Buffer {
  if (hexadecimal) return Buffer.from(`<${bytes.toString('hex')}>`, 'latin1');
  const escaped = bytes
    .toString('latin1')
    .replaceAll(/[\\()]/g, String.raw`\$&`)
    .replaceAll('\r', String.raw`\r`);
  return Buffer.from(`(${escaped})`, 'latin1');
}

/** §7.3.5: whatever is not regular and printable is written as #xx. */
function encodeName(name: string): string {
  const escaped = name.replaceAll(
    /[^!-~]|[#()<>[\]{}/%]/g,
    (octet) => `#${octet.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `/${escaped}`;
}

/** §7.3.3: no exponents. */
function encodeNumber(value: number): string {
  return Number.isInteger(value) ? value.toFixed(0) : value.toFixed(8).replace(/0+$/, '');
}
