import { inflateSync } from 'node:zlib';

import { FormatError } from '../format-error.ts';
import { PdfName, isArray, dictionaryIn } from './pdf-value.ts';
import type { PdfDictionary, PdfValue } from './pdf-value.ts';
import type { ReadingBudget } from './reading-budget.ts';

/** Columns of a predictor: a cross-reference stream has a handful. */
const COLUMNS_MAX = 65_536;

/**
 * Data of a stream whose filter is FlateDecode or none, as every writer's object and cross-reference streams (ISO 32000-1
 * §7.4.4). The dictionary's filters must be direct, which §7.5.8.2 demands of cross-reference streams.
 * Throws FormatError `pdf-malformed`.
 */
export function decodeStream(dictionary: PdfDictionary, data: Buffer, budget: ReadingBudget): Buffer {
  const filters = listOf(dictionary.get('Filter')).map((filter) =>
    filter instanceof PdfName ? filter.name : undefined,
  );
  if (filters.length === 0) return data;
  if (filters.length > 1 || (filters[0] !== 'FlateDecode' && filters[0] !== 'Fl'))
    throw new FormatError('pdf-malformed', 'a stream of objects has a filter other than FlateDecode');
  const inflated = inflate(data, budget);
  const [parameters] = listOf(dictionary.get('DecodeParms'));
  const predictor = dictionaryIn(parameters ?? null);
  return predictor ? withoutPredictor(inflated, predictor) : inflated;
}

function inflate(data: Buffer, budget: ReadingBudget): Buffer {
  const left = budget.inflatedOctetsLeft;
  if (left <= 0) throw new FormatError('pdf-malformed', 'its streams inflate to too much');
  try {
    const inflated = inflateSync(data, { maxOutputLength: left });
    budget.spendInflated(inflated.length);
    return inflated;
  } catch (cause) {
    const tooMuch = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const detail = tooMuch ? 'its streams inflate to too much' : 'a stream does not inflate';
    throw new FormatError('pdf-malformed', detail, { cause });
  }
}

function withoutPredictor(data: Buffer, parameters: PdfDictionary): Buffer {
  const predictor = countOr(parameters.get('Predictor'), 1);
  if (predictor === 1) return data;
  const columns = countOr(parameters.get('Columns'), 1);
  const oneByte =
    countOr(parameters.get('Colors'), 1) === 1 && countOr(parameters.get('BitsPerComponent'), 8) === 8;
  if (predictor < 10 || !oneByte || columns < 1 || columns > COLUMNS_MAX)
    throw new FormatError('pdf-malformed', 'a stream of objects has a predictor other than those of PNG');
  return withoutPngPredictor(data, columns);
}

/** Rows of PNG (ISO/IEC 15948 §9), each after an octet that says its filter; one octet a pixel. */
function withoutPngPredictor(data: Buffer, columns: number): Buffer {
  const rows = Math.floor(data.length / (columns + 1));
  const out = Buffer.alloc(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const from = row * (columns + 1);
    const unfilter = PNG_FILTERS[data[from]];
    if (!unfilter) throw new FormatError('pdf-malformed', 'a row has an unknown predictor');
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const left = column > 0 ? out[at - 1] : 0;
      const above = row > 0 ? out[at - columns] : 0;
      const corner = column > 0 && row > 0 ? out[at - columns - 1] : 0;
      out[at] = data[from + 1 + column] + unfilter(left, above, corner);
    }
  }
  return out;
}

const PNG_FILTERS: Record<number, (left: number, above: number, corner: number) => number> = {
  0: () => 0,
  1: (left) => left,
  2: (_, above) => above,
  3: (left, above) => (left + above) >> 1,
  4: paeth,
};

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const toLeft = Math.abs(estimate - left);
  const toAbove = Math.abs(estimate - above);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function listOf(value: PdfValue): readonly PdfValue[] {
  if (value === null) return [];
  return isArray(value) ? value : [value];
}

function countOr(value: PdfValue, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
