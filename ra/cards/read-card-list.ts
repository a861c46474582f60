import { RaError } from '../ra-error.ts';

/** Cards of one delivery. */
const CARDS_PER_BATCH_MAX = 10_000;

/** What chips call themselves: hexadecimal or digits mostly; PKCS#11 gives 16 characters, some makers print more. */
const SERIAL = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

export const CARD_LIST_FORMATS = ['csv', 'ndjson'] as const;
export type CardListFormat = (typeof CARD_LIST_FORMATS)[number];

/**
 * Serials of a delivery in their order, from CSV (the column `serial`, or the only one) or from lines of JSON with `serial`.
 * Throws RaError `card-list-malformed` with the line, for serials that stand there twice too.
 */
export function readCardList(text: string, format: CardListFormat): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter((line) => line.text !== '');
  const serials = format === 'csv' ? fromCsv(lines) : lines.map(fromJson);
  if (serials.length === 0) throw malformed('no card stands in the list');
  if (serials.length > CARDS_PER_BATCH_MAX)
    throw malformed(`${serials.length} cards, at most ${CARDS_PER_BATCH_MAX} in one list`);
  const seen = new Set<string>();
  for (const { serial, number } of serials) {
    if (!SERIAL.test(serial)) throw malformed(`line ${number}: not a serial`);
    if (seen.has(serial)) throw malformed(`line ${number}: ${serial} stands there twice`);
    seen.add(serial);
  }
  return serials.map(({ serial }) => serial);
}

interface Line {
  text: string;
  number: number;
}

interface ListedSerial {
  serial: string;
  number: number;
}

function fromCsv(lines: readonly Line[]): ListedSerial[] {
  const header = lines[0] && cells(lines[0].text).map((cell) => cell.toLowerCase());
  const column = header?.indexOf('serial') ?? -1;
  if (column === -1 && header && header.length > 1)
    throw malformed('line 1: several columns, and none is called serial');
  const rows = column === -1 ? lines : lines.slice(1);
  return rows.map(({ text, number }) => ({ serial: cells(text)[Math.max(column, 0)] ?? '', number }));
}

/** Serials have neither commas nor quotes in them; makers' programs quote all the same. */
function cells(line: string): string[] {
  return line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function fromJson({ text, number }: Line): ListedSerial {
  const value = parsed(text, number);
  const serial = typeof value === 'object' && value !== null && 'serial' in value ? value.serial : undefined;
  if (typeof serial === 'string') return { serial, number };
  throw malformed(`line ${number}: no serial`);
}

function parsed(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(`line ${number}: not JSON`);
  }
}

function malformed(detail: string): RaError {
  return new RaError('card-list-malformed', detail);
}
