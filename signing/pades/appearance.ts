import type { IncrementalUpdate } from '../../formats/pdf/incremental-update.ts';
import { PdfName, PdfString, dictionaryOf } from '../../formats/pdf/pdf-value.ts';
import type { PdfReference } from '../../formats/pdf/pdf-value.ts';
import { encodeValue } from '../../formats/pdf/write-value.ts';
import { SigningError } from '../signing-error.ts';

/** What is seen of a signature on a page. */
export interface Appearance {
  /** From 1. */
  page: number;
  /** Left, bottom, right, top, in points from the page's lower left corner. */
  rectangle: readonly [number, number, number, number];
  /** Latin letters: no font is embedded, and the standard ones have no others. */
  lines: readonly string[];
}

const FONT_POINTS_MAX = 12;
/** From one line to the next, and around them, in heights of the font. */
const LEADING = 1.25;
/** Width of a letter of Helvetica on the average, in the same. */
const LETTER_WIDTH = 0.55;

/** Adds the form XObject of an appearance (ISO 32000-1 §12.5.5): a frame, and lines within. Throws SigningError `document-format`. */
export function appearanceOf(update: IncrementalUpdate, { rectangle, lines }: Appearance): PdfReference {
  const [left, bottom, right, top] = rectangle;
  const [width, height] = [right - left, top - bottom];
  if (!(width > 0 && height > 0)) throw new SigningError('document-format', 'the rectangle is empty');
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const points = Math.min(
    FONT_POINTS_MAX,
    height / (LEADING * (lines.length + 1)),
    width / (LETTER_WIDTH * (longest + 2)),
  );
  const font = dictionaryOf({
    Type: new PdfName('Font'),
    Subtype: new PdfName('Type1'),
    BaseFont: new PdfName('Helvetica'),
    Encoding: new PdfName('WinAnsiEncoding'),
  });
  const dictionary = dictionaryOf({
    Type: new PdfName('XObject'),
    Subtype: new PdfName('Form'),
    BBox: [0, 0, width, height],
    Resources: dictionaryOf({ Font: dictionaryOf({ F1: font }) }),
  });
  return update.addStream(dictionary, contentOf({ width, height, points, lines }));
}

function contentOf({
  width,
  height,
  points,
  lines,
}: {
  width: number;
  height: number;
  points: number;
  lines: readonly string[];
}): Buffer {
  const number = (value: number) => encodeValue(value).toString('latin1');
  const leading = number(points * LEADING);
  const shown = lines.map((line) => `${latinString(line)} Tj T*`);
  return Buffer.from(
    [
      `q 0.5 w 0.25 0.25 ${number(width - 0.5)} ${number(height - 0.5)} re S Q`,
      `q BT /F1 ${number(points)} Tf ${leading} TL ${number(points)} ${number(height - points * LEADING)} Td`,
      ...shown,
      'ET Q',
    ].join('\n'),
    'latin1',
  );
}

function latinString(line: string): string {
  if (!/^[ -~\u00a0-\u00ff]*$/.test(line))
    throw new SigningError('document-format', 'the appearance has other than Latin letters');
  return encodeValue(new PdfString(Buffer.from(line, 'latin1'))).toString('latin1');
}
