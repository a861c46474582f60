import { deflateSync } from 'node:zlib';

import fc from 'fast-check';
import t from 'tap';

import { DomainError } from '../../core/errors.ts';
import { augmentPades } from '../../signing/pades/augment-pades.ts';
import { readPades } from '../../validation/pades/read-pades.ts';
import { mutatedBytes } from '../support/hostile-input.ts';
import {
  compressedPdf,
  newestSection,
  objectOf,
  objectStream,
  pdfOf,
  pdfStream,
  prescriptionObjects,
  updatedPdf,
} from '../support/pdf-samples.ts';
import { PdfDesk } from '../support/signed-pdfs.ts';

// Whatever is sent, there is a verdict or the refusal `pdf-malformed`, soon, and never TOTAL-PASSED for a change that matters.

/** What begins otherwise is not taken for a PDF, and CMS it is not. */
const REFUSALS = ['pdf-malformed', 'pdf-encrypted', 'cms-malformed'];

const desk = await PdfDesk.create();
const { timeStamper, material } = desk;
const signed = await desk.sign();
const full = await augmentPades(await desk.sign(compressedPdf()), { level: 'B-LTA', timeStamper, material });
const corpus = [signed, full, updatedPdf(signed, { 7: '<< /T (note) /FT /Tx /V (x) >>' })];

t.test('answers any flip, cut and splice with a verdict or a refusal', async () => {
  fc.assert(fc.property(fc.constantFrom(...corpus).chain(mutatedBytes), isAnswered), { numRuns: 300 });
});

const NUMBERS = '0|-1|1|4294967296|99999999999999999999|1 0 R|2 0 R|99 0 R';
const WORDS = 'null|[|]|<<|>>|(|<|>|%|/Kids|/Prev 0|/Encrypt null|stream|endstream|endobj|xref|%%EOF';
const PIECES = `${NUMBERS}|${WORDS}`.split('|');

t.test('answers other numbers, words and pieces of structure', async () => {
  const pieces = fc.constantFrom(...PIECES);
  const tokens = corpus.map((pdf) => pdf.toString('latin1').split(/(?<=[ \n])/));
  fc.assert(
    fc.property(
      fc.nat(corpus.length - 1),
      fc.array(fc.tuple(fc.nat(), pieces), { minLength: 1, maxLength: 3 }),
      (which, changes) => {
        const changed = tokens[which].slice();
        for (const [place, piece] of changed.length > 0 ? changes : [])
          changed[place % changed.length] = `${piece} `;
        return isAnswered(Buffer.from(changed.join(''), 'latin1'));
      },
    ),
    { numRuns: 300 },
  );
});

t.test('answers pieces of structure in any order', async () => {
  const lines = corpus.flatMap((pdf) => pdf.toString('latin1').split('\n').slice(0, 120));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 40 }), (some) =>
      isAnswered(Buffer.from(`%PDF-1.7\n${some.join('\n')}\nstartxref\n9\n%%EOF\n`, 'latin1')),
    ),
    { numRuns: 300 },
  );
});

t.test('no flipped bit of what is signed passes', async (t) => {
  const [start, end] = [
    signed.indexOf('/Contents <3') + 11,
    signed.indexOf('>', signed.indexOf('/Contents <3')),
  ];
  await fc.assert(
    fc.asyncProperty(fc.nat(signed.length - 1), fc.nat(7), async (at, bit) => {
      if (at >= start && at < end) return;
      const bytes = Buffer.from(signed);
      bytes[at] ^= 1 << bit;
      const report = await desk.validate(bytes).catch(refusal);
      if (report !== 'refused') t.not(report.indication, 'TOTAL-PASSED', `octet ${at}, bit ${bit}`);
    }),
    { numRuns: 300 },
  );
});

t.test('answers what is large, deep or goes round in circles within bounded time', async (t) => {
  const objects = prescriptionObjects();
  const page = String(objects[3]);
  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => one(index)).join('');
  const bombs = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        100 + index,
        pdfStream('/Filter /FlateDecode', deflateSync(Buffer.alloc(8_000_000))),
      ]),
    );
  const documents: Record<string, Buffer> = {
    'nested arrays': pdfOf({ ...objects, 4: '['.repeat(100_000) }),
    'nested dictionaries': pdfOf({ ...objects, 6: '<</A'.repeat(50_000) }),
    'a long array': pdfOf({
      ...objects,
      3: page.replace('/Annots [', `/Annots [${'null '.repeat(1_000_000)}`),
    }),
    'a long string': pdfOf({ ...objects, 6: `<< /Fields [] /DA (${'('.repeat(500_000)}` }),
    'thousands of fields': pdfOf({
      ...objects,
      6: `<< /Fields [${many(20_000, () => '<< /FT /Sig /T (a) /V 7 0 R >> ')}] >>`,
    }),
    'fields that share their kids': pdfOf({
      ...objects,
      6: `<< /Fields [20 0 R] >>`,
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [
          20 + index,
          `<< /T (a) /Kids [${index + 21} 0 R ${index + 21} 0 R] >>`,
        ]),
      ),
    }),
    'pages that share their kids': pdfOf({
      ...objects,
      ...Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [
          index === 0 ? 2 : 20 + index,
          `<< /Type /Pages /Kids [${index + 21} 0 R ${index + 21} 0 R] >>`,
        ]),
      ),
    }),
    'objects in the middle of each other': overlapping(),
    'bombs in the store': updatedPdf(signed, {
      ...bombs(20),
      1: `<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS << /Certs [${many(20, (index) => `${100 + index} 0 R `)}] >> >>`,
    }),
    'hundreds of revisions': revisions(300),
    'a hundred revisions over a signature': revisions(100, signed),
    'a long array, compared': await compared({
      3: page.replace('[0 0 400 400]', `[${'0 '.repeat(1_000_000)}]`),
    }),
    'a long chain of objects, compared': await compared(
      Object.fromEntries(
        Array.from({ length: 50_000 }, (_, index) => [
          index === 0 ? 5 : 100 + index,
          `<< /Next ${index + 101} 0 R /Back 5 0 R >>`,
        ]),
      ),
      4,
    ),
    spaces: Buffer.concat([signed, Buffer.alloc(1_000, ' ')]),
    markers: pdfOf({ ...objects, 4: pdfStream('', 'startxref\n9\n%%EOF\n'.repeat(20_000)) }),
  };
  for (const [name, document] of Object.entries(documents)) {
    const started = process.cpuUsage();
    t.ok(isAnswered(document), name);
    const { user, system } = process.cpuUsage(started);
    t.ok(user + system < 5_000_000, `${name}: ${(user + system) / 1_000} ms`);
  }
});

t.test('more signatures than anybody makes are refused', async (t) => {
  const fields = Array.from({ length: 40 }, (_, index) => 100 + index);
  const objects = {
    ...prescriptionObjects(),
    6: `<< /Fields [${fields.map((number) => `${number} 0 R`).join(' ')}] >>`,
    ...Object.fromEntries(
      fields.map((number) => [number, `<< /FT /Sig /T (s${number}) /V << /ByteRange [0 1 2 3] >> >>`]),
    ),
  };
  t.throws(() => read(pdfOf(objects)), { code: 'pdf-malformed' });
});

t.test('an object stream that holds itself ends', async (t) => {
  const pdf = compressedPdf({ ...prescriptionObjects(), 4: objectStream([[4, '4 0 R']]) });
  t.ok(isAnswered(pdf));
});

function read(pdf: Buffer) {
  return readPades({ signature: pdf, signingCertificateReference: 'required' });
}

/** Reads, and puts to use what may be lazy in it. */
function isAnswered(pdf: Buffer): boolean {
  try {
    for (const { signingCertificate, verify, timeStamps } of read(pdf).signatures) {
      if (signingCertificate.certificate) verify(signingCertificate.certificate);
      timeStamps.forEach((one) => one.imprint('sha256'));
    }
    return true;
  } catch (error) {
    return refusal(error) === 'refused';
  }
}

function refusal(error: unknown): 'refused' {
  if (error instanceof DomainError && REFUSALS.includes(error.code as string)) return 'refused';
  throw error;
}

/** Thousands of entries that each begin a little later in one long object, which never ends. */
function overlapping(): Buffer {
  const body = Buffer.from(`%PDF-1.7\n${'1 0 obj [ '.repeat(60_000)}\n`);
  const entries = Array.from(
    { length: 20_000 },
    (_, index) => `${String(9 + index * 10).padStart(10, '0')} 00000 n \n`,
  );
  const kids = entries.map((_, index) => `${index + 1} 0 R`).join(' ');
  const catalog = objectOf(30_000, `<< /Type /Catalog /AcroForm << /Fields [${kids}] >> >>`);
  const section = body.length + catalog.length;
  return Buffer.concat([
    body,
    catalog,
    Buffer.from(
      `xref\n1 ${entries.length}\n${entries.join('')}30000 1\n${String(body.length).padStart(10, '0')} 00000 n \n`,
    ),
    Buffer.from(`trailer\n<< /Size 30001 /Root 30000 0 R >>\nstartxref\n${section}\n%%EOF\n`),
  ]);
}

function revisions(count: number, first = pdfOf()): Buffer {
  let pdf = first;
  for (let index = 0; index < count; index += 1)
    pdf = updatedPdf(pdf, { 70: `(${index})` }, `/Root 1 0 R /Prev ${newestSection(pdf)}`);
  return pdf;
}

/** Signed so many times, and then changed where nobody looks. */
async function compared(changes: Record<number, string>, signatures = 1): Promise<Buffer> {
  let pdf = pdfOf({ ...prescriptionObjects(), ...changes });
  for (let count = 0; count < signatures; count += 1) pdf = await desk.sign(pdf);
  return updatedPdf(pdf, { 99: '(x)' });
}
