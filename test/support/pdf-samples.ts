import { deflateSync } from 'node:zlib';

// PDFs written by hand, so that tests know where each octet is, and may be as wrong as they like.

/** Objects by number, each as it stands between `obj` and `endobj`. */
export type PdfObjects = Record<number, string | Buffer>;

export function pdfStream(dictionary: string, data: string | Buffer): Buffer {
  const octets = Buffer.from(data);
  return Buffer.concat([
    Buffer.from(`<<${dictionary} /Length ${octets.length}>>\nstream\n`),
    octets,
    Buffer.from('\nendstream'),
  ]);
}

/** A page that says what is prescribed, a form with an empty and a filled field and a signature field, and a note. */
export function prescriptionObjects(): Record<number, string | Buffer> {
  const widget = (name: string, bottom: number, more: string) =>
    `<< /Type /Annot /Subtype /Widget /T (${name}) /F 4 /P 3 0 R /Rect [72 ${bottom} 300 ${bottom + 20}] ${more} >>`;
  return {
    1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3:
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> ' +
      '/Annots [7 0 R 8 0 R 9 0 R 10 0 R] >>',
    4: pdfStream('', 'BT /F1 12 Tf 72 300 Td (Atorvastatin 20 mg) Tj ET'),
    5: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    6: '<< /Fields [7 0 R 8 0 R 9 0 R] /DR << /Font << /F1 5 0 R >> >> /DA (/F1 12 Tf) >>',
    7: widget('note', 200, '/FT /Tx /V ()'),
    8: widget('dose', 160, '/FT /Tx /V (1-0-0) /AP << /N 11 0 R >>'),
    9: widget('doctor', 120, '/FT /Sig'),
    10: '<< /Type /Annot /Subtype /Text /P 3 0 R /Rect [10 10 30 30] /Contents (checked) >>',
    11: pdfStream('/Type /XObject /Subtype /Form /BBox [0 0 228 20]', 'BT /F1 12 Tf (1-0-0) Tj ET'),
  };
}

/** A whole file with a cross-reference table; `trailer` adds to or replaces its Root. */
export function pdfOf(objects: PdfObjects = prescriptionObjects(), trailer = ''): Buffer {
  const header = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');
  const id = '/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]';
  return withSection(header, objects, `/Root 1 0 R ${id} ${trailer}`, true);
}

/** The same in object streams, with a cross-reference stream whose rows have PNG predictors. */
export function compressedPdf(objects: PdfObjects = prescriptionObjects()): Buffer {
  const numbers = Object.keys(objects).map(Number);
  const isStream = (number: number) => Buffer.isBuffer(objects[number]);
  const packed = numbers.filter((number) => !isStream(number));
  const container = Math.max(...numbers) + 1;
  const crossReferences = container + 1;
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets = new Map<number, number>();
  const push = (number: number, body: string | Buffer) => {
    offsets.set(number, octetsOf(parts));
    parts.push(objectOf(number, body));
  };
  for (const number of numbers.filter(isStream)) push(number, objects[number]);
  push(container, objectStream(packed.map((number) => [number, String(objects[number])])));
  const start = octetsOf(parts);
  offsets.set(crossReferences, start);
  const rows = Array.from({ length: crossReferences + 1 }, (_, number) => {
    const row = Buffer.alloc(7);
    const index = packed.indexOf(number);
    const offset = offsets.get(number);
    row[0] = index >= 0 ? 2 : offset === undefined ? 0 : 1;
    row.writeUInt32BE(index >= 0 ? container : (offset ?? 0), 1);
    row.writeUInt16BE(Math.max(index, 0), 5);
    return row;
  });
  const dictionary =
    `/Type /XRef /Size ${rows.length} /W [1 4 2] /Root 1 0 R /Filter /FlateDecode ` +
    '/DecodeParms << /Predictor 12 /Columns 7 >>';
  parts.push(objectOf(crossReferences, pdfStream(dictionary, deflateSync(pngUp(rows)))));
  parts.push(Buffer.from(`startxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** An object stream of objects by number. */
export function objectStream(objects: readonly (readonly [number, string])[]): Buffer {
  let at = 0;
  const places = objects.map(([number, body]) => {
    const place = `${number} ${at}`;
    at += body.length + 1;
    return place;
  });
  const first = `${places.join(' ')} `;
  const data = Buffer.from(first + objects.map(([, body]) => `${body} `).join(''), 'latin1');
  return pdfStream(
    `/Type /ObjStm /N ${objects.length} /First ${first.length} /Filter /FlateDecode`,
    deflateSync(data),
  );
}

/** A later revision, which adds or replaces objects; `trailer` adds to Root and Prev, or stands in their place. */
export function updatedPdf(pdf: Buffer, objects: PdfObjects, trailer?: string): Buffer {
  return withSection(pdf, objects, trailer ?? `/Root 1 0 R /Prev ${newestSection(pdf)}`, false);
}

/** Offset of the newest cross-reference section, as the end of the file says. */
export function newestSection(pdf: Buffer): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(pdf.toString('latin1'))?.[1]);
}

/** An object as it stands in the file now; the last one of its number. */
export function bodyOf(pdf: Buffer, number: number): string {
  const text = pdf.toString('latin1');
  const start = text.lastIndexOf(`\n${number} 0 obj`);
  return text.slice(text.indexOf('obj', start) + 3, text.indexOf('endobj', start)).trim();
}

export function objectOf(number: number, body: string | Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${number} 0 obj\n`),
    Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1'),
    Buffer.from('\nendobj\n'),
  ]);
}

function withSection(before: Buffer, objects: PdfObjects, trailer: string, isFirst: boolean): Buffer {
  const parts: Buffer[] = [before];
  const entries = Object.entries(objects).map(([number, body]) => {
    const entry = `${number} 1\n${String(octetsOf(parts)).padStart(10, '0')} 00000 n \n`;
    parts.push(objectOf(Number(number), body));
    return entry;
  });
  const start = octetsOf(parts);
  const size = Math.max(0, ...Object.keys(objects).map(Number)) + 1;
  const free = isFirst ? '0 1\n0000000000 65535 f \n' : '';
  parts.push(
    Buffer.from(
      `xref\n${free}${entries.join('')}trailer\n<< /Size ${size} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`,
      'latin1',
    ),
  );
  return Buffer.concat(parts);
}

function octetsOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** Rows as differences from the one above (ISO/IEC 15948 §9.2, filter Up). */
function pngUp(rows: readonly Buffer[]): Buffer {
  return Buffer.concat(
    rows.map((row, index) =>
      Buffer.concat([Buffer.from([2]), row.map((octet, column) => octet - (rows[index - 1]?.[column] ?? 0))]),
    ),
  );
}
