import t from 'tap';

import { FormatError } from '../../formats/format-error.ts';
import { formFields } from '../../formats/pdf/form-fields.ts';
import { IncrementalUpdate } from '../../formats/pdf/incremental-update.ts';
import { pagesOf } from '../../formats/pdf/page-tree.ts';
import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import type { PdfDictionary } from '../../formats/pdf/pdf-value.ts';
import { PdfName, PdfStream, PdfString, dictionaryOf } from '../../formats/pdf/pdf-value.ts';
import { ReadingBudget } from '../../formats/pdf/reading-budget.ts';
import { dateOf, encodeDate, encodeText, textOf } from '../../formats/pdf/text-string.ts';
import { ValueReader } from '../../formats/pdf/value-reader.ts';
import { encodeValue } from '../../formats/pdf/write-value.ts';
import {
  compressedPdf,
  newestSection,
  objectOf,
  pdfOf,
  pdfStream,
  prescriptionObjects,
  updatedPdf,
} from '../support/pdf-samples.ts';

const valueOf = (text: string) =>
  new ValueReader(Buffer.from(text, 'latin1'), 0, new ReadingBudget(text.length)).readValue();

const malformed = { name: 'FormatError', code: 'pdf-malformed' };

t.test('values', async (t) => {
  for (const [text, canonical] of [
    ['  true', 'true'],
    ['null ', 'null'],
    ['-17.50', '-17.5'],
    ['+.5', '0.5'],
    ['4.', '4'],
    ['12 0 R', '12 0 R'],
    ['[12 0 12 0 R 7]', '[12 0 12 0 R 7]'],
    ['[1%comment 2]\n2]', '[1 2]'],
    ['/A#20B', '/A#20B'],
    ['/', '/'],
    [
      String.raw`(a(b)\)\101\n\
c)`,
      '(a(b)A\nc)'.replace('(b)', String.raw`\(b\)\)`),
    ],
    ['<4 1 4>', '<4140>'],
    ['<</A/B/C<</D[]>>>>', '<</A /B\n/C <</D []\n>>\n>>'],
  ] as const)
    t.equal(encodeValue(valueOf(text)).toString('latin1'), canonical, text);
  t.equal((valueOf(String.raw`(\7\08\r\())`) as PdfString).bytes.toString('latin1'), '\x07\x008\r(');
  t.equal((valueOf('<</A 1/A 2>>') as PdfDictionary).repeatsKeys, true);
  for (const text of [
    '',
    '(',
    '<4',
    '<4x>',
    '[1',
    '<</A',
    '<<1 2>>',
    'nil',
    '1-2',
    '1e5',
    '>',
    ']',
    '-',
    `${'['.repeat(200)}`,
  ])
    t.throws(() => valueOf(text), malformed, text.slice(0, 10));
});

t.test('texts and dates', async (t) => {
  for (const text of ['Rp.', 'نسخه', '(\\)']) t.equal(textOf(encodeText(text)), text);
  t.equal(textOf(new PdfString(Buffer.from('\ufeffé'))), 'é', 'UTF-8 of PDF 2.0');
  const instant = new Date('2026-06-15T12:00:05Z');
  t.same(dateOf(encodeDate(instant)), instant);
  const written = (text: string) => dateOf(new PdfString(Buffer.from(text)))?.toISOString();
  t.equal(written("D:20260615153005+03'30'"), '2026-06-15T12:00:05.000Z');
  t.equal(written('D:20260615153005+0330'), '2026-06-15T12:00:05.000Z');
  t.equal(written('D:2026'), '2026-01-01T00:00:00.000Z');
  t.equal(written('yesterday'), undefined);
});

t.test('the same document with a table, in streams, and in a later revision', async (t) => {
  const changed = { 8: String(prescriptionObjects()[8]).replace('1-0-0', '2-0-0') };
  for (const [name, pdf] of [
    ['table', pdfOf()],
    ['streams', compressedPdf()],
    ['updated', updatedPdf(pdfOf(), changed)],
    ['streams updated', updatedPdf(compressedPdf(), changed)],
  ] as const) {
    const file = new PdfFile(pdf);
    const view = file.newest();
    t.same(
      formFields(view).map(({ name, type }) => [name, type]),
      [
        ['note', 'Tx'],
        ['dose', 'Tx'],
        ['doctor', 'Sig'],
      ],
      name,
    );
    t.same(
      pagesOf(view).map(({ number }) => number),
      [3],
      name,
    );
    const dose = (one: typeof view) => textOf(formFields(one)[1].value);
    const last = file.revisions.at(-1);
    t.equal(last?.end, pdf.length, name);
    t.equal(dose(view), name.endsWith('updated') ? '2-0-0' : '1-0-0');
    t.equal(dose(file.asOf(file.revisions[0])), '1-0-0', 'as it was');
  }
});

t.test('what we write, we read', async (t) => {
  for (const pdf of [pdfOf(), compressedPdf(), pdfOf().subarray(0, -1)]) {
    const file = new PdfFile(pdf);
    const update = new IncrementalUpdate(file);
    const text = update.add(encodeText('نسخه'));
    const stream = update.addStream(dictionaryOf({ Type: new PdfName('X y') }), Buffer.from('data'));
    const root = file.newest().trailer.get('Root');
    t.ok(root);
    const { bytes, offsetOf } = update.write();
    t.ok(bytes.subarray(0, pdf.length).equals(pdf), 'nothing that was there is changed');
    const again = new PdfFile(bytes);
    t.equal(again.revisions.length, 2);
    t.equal(again.sections[0].form, file.sections[0].form);
    t.equal(textOf(again.newest().resolve(text)), 'نسخه');
    const value = again.newest().resolve(stream);
    t.ok(value instanceof PdfStream);
    t.equal(
      again
        .newest()
        .storedData(value as PdfStream)
        .toString(),
      'data',
    );
    t.match(bytes.toString('latin1', offsetOf(text)), /^\d+ 0 obj/);
    t.same(again.newest().trailer.get('Root'), root);
  }
});

t.test('a hybrid file has its hidden objects in a stream', async (t) => {
  const pdf = pdfOf();
  const start = pdf.length;
  const row = (offset: number) => Buffer.from([1, 0, 0, offset >> 8, offset & 255, 0, 0]);
  const hidden = objectOf(20, '(hidden)');
  const stream = objectOf(21, pdfStream('/Type /XRef /Size 22 /W [1 4 2] /Index [20 1]', row(start)));
  const body = Buffer.concat([pdf, hidden, stream]);
  const trailer = `/Root 1 0 R /Prev ${newestSection(pdf)} /XRefStm ${start + hidden.length}`;
  const view = new PdfFile(updatedPdf(body, { 5: '<< /Type /Font >>' }, trailer)).newest();
  t.equal(textOf(view.object(20)?.value ?? null), 'hidden');
});

t.test('an encrypted document is refused as such', async (t) => {
  t.throws(() => new PdfFile(pdfOf(undefined, '/Encrypt 5 0 R')), { code: 'pdf-encrypted' });
});

t.test('files that cost too much, or lead nowhere, are refused', async (t) => {
  const pdf = pdfOf();
  const section = newestSection(pdf);
  const zeros = Buffer.alloc(80 * 1024 * 1024);
  const { deflateSync } = await import('node:zlib');
  const bomb = deflateSync(zeros);
  const bombStream = pdfStream('/Type /XRef /Size 9 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode', bomb);
  const at = '%PDF-1.7\n'.length;
  const files: Record<string, Buffer> = {
    'no PDF': Buffer.from('hello'),
    'no end': pdf.subarray(0, -10),
    'octets before the header': Buffer.concat([Buffer.from('\n'), pdf]),
    'a section that continues itself': updatedPdf(pdf, {}, `/Root 1 0 R /Prev ${pdf.length}`),
    'a section outside of the file': updatedPdf(pdf, {}, '/Root 1 0 R /Prev 99999999'),
    'a section that is none': updatedPdf(pdf, {}, '/Root 1 0 R /Prev 20'),
    'a section with a million objects': Buffer.from(
      pdf.toString('latin1').replace('xref\n0 1\n', 'xref\n0 9999999\n'),
      'latin1',
    ),
    'an object in two places': Buffer.from(
      updatedPdf(pdf, { 4: '(a)', 5: '(b)' })
        .toString('latin1')
        .replace(/\n5 1\n/g, '\n4 1\n'),
      'latin1',
    ),
    'two roots': updatedPdf(pdf, {}, `/Root 1 0 R /Root 2 0 R /Prev ${section}`),
    'a comment where a section should be': commented(pdf),
    'a bomb': Buffer.concat([
      Buffer.from('%PDF-1.7\n'),
      objectOf(1, bombStream),
      Buffer.from(`startxref\n${at}\n%%EOF\n`),
    ]),
  };
  t.ok(section > 0);
  for (const [name, bytes] of Object.entries(files))
    t.throws(() => new PdfFile(bytes).newest().catalog, malformed, name);
});

t.test('circles of objects end', async (t) => {
  const objects = prescriptionObjects();
  const circles: Record<string, Record<number, string>> = {
    references: { 1: '2 0 R', 2: '1 0 R' },
    'a length that is its own stream': { 4: '<< /Length 4 0 R >> stream\nx\nendstream' },
    'kids of kids': { 6: '<< /Fields [7 0 R] >>', 7: '<< /T (a) /Kids [7 0 R] >>' },
    'pages of pages': { 2: '<< /Type /Pages /Kids [2 0 R 2 0 R] >>' },
  };
  for (const [name, changes] of Object.entries(circles)) {
    const file = new PdfFile(pdfOf({ ...objects, ...changes }));
    const outcome = (() => {
      try {
        const view = file.newest();
        const four = view.object(4)?.value;
        if (four instanceof PdfStream) view.storedData(four);
        return [formFields(view).length, pagesOf(view).length];
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        return error.code;
      }
    })();
    t.ok(outcome === 'pdf-malformed' || Array.isArray(outcome), name);
  }
});

t.test('a form nested without end is refused', async (t) => {
  const objects = prescriptionObjects();
  for (let number = 20; number < 80; number += 1) objects[number] = `<< /T (a) /Kids [${number + 1} 0 R] >>`;
  objects[80] = '<< /T (z) >>';
  objects[6] = '<< /Fields [20 0 R] >>';
  t.throws(() => formFields(new PdfFile(pdfOf(objects)).newest()), malformed);
});

/** Its end points to a comment before the section. */
function commented(pdf: Buffer): Buffer {
  const text = pdf.toString('latin1');
  const section = newestSection(pdf);
  return Buffer.from(`${text.slice(0, section)}%\n${text.slice(section)}`, 'latin1');
}
