import t from 'tap';

import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { PdfReference, PdfString } from '../../formats/pdf/pdf-value.ts';
import { formFields } from '../../formats/pdf/form-fields.ts';
import { signPades } from '../../signing/pades/sign-pades.ts';
import type { PadesRequest } from '../../signing/pades/prepare-pades.ts';
import { readPades } from '../../validation/pades/read-pades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import {
  bodyOf,
  compressedPdf,
  newestSection,
  objectOf,
  pdfOf,
  pdfStream,
  prescriptionObjects,
  updatedPdf,
} from '../support/pdf-samples.ts';
import type { PdfObjects } from '../support/pdf-samples.ts';

// What is known of attacks on signed PDFs (USF, ISA and SWA of 2019, shadow attacks of 2021, attacks on certification of 2021),
// as changes to a document that is signed properly, and what may be changed.

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();

function sign(document: Buffer, more: Partial<PadesRequest> = {}): Promise<Buffer> {
  const { signer, certificate } = doctor;
  return signPades({ document, signer, certificate, signingTime: NOON, ...more });
}

/** Objects that a shadow prepares in the document before it is signed: nothing shows them. */
const shadow = {
  ...prescriptionObjects(),
  20: '<< /Type /Catalog /Pages 21 0 R >>',
  21: '<< /Type /Pages /Kids [22 0 R] /Count 1 >>',
  22: '<< /Type /Page /Parent 21 0 R /MediaBox [0 0 400 400] /Contents 23 0 R >>',
  23: pdfStream('', 'BT (Morphine 100 mg) Tj ET'),
  // The content waits for an object that is not there yet.
  3: String(prescriptionObjects()[3]).replace('/Contents 4 0 R', '/Contents [4 0 R 50 0 R]'),
};

const signed = await sign(pdfOf(shadow));
const otherText = pdfStream('', 'BT (Morphine 100 mg) Tj ET');
const note = '<< /Type /Annot /Subtype /Text /P 3 0 R /Rect [40 10 60 30] /Contents (more) >>';
const overlay =
  '<< /Type /Annot /Subtype /FreeText /P 3 0 R /Rect [0 0 400 400] /F 4 /AP << /N 51 0 R >> /Contents () >>';

const edit = (number: number, from: string | RegExp, to: string): PdfObjects => ({
  [number]: bodyOf(signed, number).replace(from, to),
});

/** Each is appended as a revision of its own. */
const attacks: Record<string, PdfObjects> = {
  'replace: another content under the same number': { 4: otherText },
  'replace: the page points to another content': edit(3, '4 0 R 50 0 R', '23 0 R'),
  'replace: another font': { 5: '<< /Type /Font /Subtype /Type3 /CharProcs << >> >>' },
  'replace: a field says something else': {
    8: bodyOf(signed, 8).replace('1-0-0', '9-9-9'),
  },
  'replace: a field looks like something else': {
    11: pdfStream('/Type /XObject /Subtype /Form /BBox [0 0 228 20]', 'BT (9-9-9) Tj ET'),
  },
  'replace: a field gets another appearance': { ...edit(8, '11 0 R', '51 0 R'), 51: otherText },
  'replace: an object of another type': { 4: '[23 0 R]' },
  'replace: an object that content waited for': { 50: otherText },
  'replace: the catalog': { 1: '<< /Type /Catalog /Pages 21 0 R >>' },
  'replace: the page tree': { 2: '<< /Type /Pages /Kids [22 0 R] /Count 1 >>' },
  'replace: appearances are to be made anew': edit(6, '/Fields', '/NeedAppearances true /Fields'),
  'replace: fonts of the form': edit(6, /\/DR <<\/Font <<\/F1 5/, '/DR <</Font <</F1 23'),
  'hide: an annotation that covers the page': {
    ...edit(3, '10 0 R', '10 0 R 50 0 R'),
    50: overlay,
    51: otherText,
  },
  'hide: an annotation is gone': edit(3, ' 10 0 R', ''),
  'hide: an annotation says something else': { 10: bodyOf(signed, 10).replace('checked', 'void') },
  'hide: a page more': { 2: '<< /Type /Pages /Kids [3 0 R 22 0 R] /Count 2 >>' },
  'hide: layers': edit(1, '/Pages', '/OCProperties << /D << >> >> /Pages'),
  'an action when it is opened': edit(1, '/Pages', '/OpenAction << /S /JavaScript /JS (x) >> /Pages'),
  'a field more': { ...edit(6, '9 0 R', '9 0 R 50 0 R'), 50: bodyOf(signed, 8).replace('(dose)', '(dose2)') },
  'a field is gone': edit(6, '8 0 R', ''),
  'a signature field that nobody signed and everybody sees': {
    ...edit(6, '9 0 R', '9 0 R 50 0 R'),
    ...edit(3, '10 0 R', '10 0 R 50 0 R'),
    50: bodyOf(signed, 9).replace('(doctor)', '(other)'),
  },
  'a signature field with an action': {
    ...edit(6, '9 0 R', '9 0 R 50 0 R'),
    50: '<< /FT /Sig /T (other) /Rect [0 0 0 0] /AA << /E << /S /JavaScript /JS (x) >> >> >>',
  },
  'the signature is taken out of its field': edit(9, '/T (doctor)', '/T (physician)'),
  'the form is gone': { 1: '<< /Type /Catalog /Pages 2 0 R >>' },
  'a key that stands twice': edit(1, '/Pages', '/Pages 21 0 R /Pages'),
  'an object in the middle of another': {},
};

for (const [name, objects] of Object.entries(attacks)) {
  t.test(name, async (t) => {
    const attacked = name.startsWith('an object in the middle') ? overlapping() : updatedPdf(signed, objects);
    t.same(codesOf(attacked), ['pdf-changed-after-signing']);
    t.match(await deployment.validate(attacked), {
      indication: 'TOTAL-FAILED',
      subIndication: 'FORMAT_FAILURE',
    });
  });
}

t.test('the same attacks on a document of object streams', async (t) => {
  const packed = await sign(compressedPdf());
  t.same(codesOf(packed), []);
  const changed: PdfObjects[] = [
    { 4: otherText },
    { 5: '<< /Type /Font >>' },
    { 8: bodyOf(pdfOf(), 8).replace('1-0-0', '9') },
  ];
  for (const changes of changed) t.same(codesOf(updatedPdf(packed, changes)), ['pdf-changed-after-signing']);
});

t.test('another catalog is shown', async (t) => {
  const prev = `/Prev ${newestSection(signed)}`;
  t.same(codesOf(updatedPdf(signed, {}, `/Root 20 0 R ${prev}`)), ['pdf-changed-after-signing']);
});

t.test('a revision that forgets the signed one has no signature', async (t) => {
  const forgetful = updatedPdf(signed, shadow, '/Root 20 0 R');
  t.same(codesOf(forgetful), ['no-signer']);
  const backwards = Buffer.concat([
    signed,
    Buffer.from(`startxref\n${newestSection(pdfOf(shadow))}\n%%EOF\n`),
  ]);
  t.same(codesOf(backwards), ['no-signer'], 'back to before it was signed');
  t.match(await deployment.validate(backwards), { indication: 'TOTAL-FAILED' });
});

t.test('octets after the end (ISA)', async (t) => {
  const prev = newestSection(signed);
  const appended = (text: string) => Buffer.concat([signed, Buffer.from(text, 'latin1')]);
  const body = objectOf(4, otherText).toString('latin1');
  t.same(codesOf(appended(body)), ['pdf-changed-after-signing'], 'objects alone');
  t.same(
    codesOf(appended(`${body}trailer\n<< /Root 1 0 R /Prev ${prev} >>\n`)),
    ['pdf-changed-after-signing'],
    'a trailer alone',
  );
  t.same(
    codesOf(appended(`${body}trailer\n<< /Root 1 0 R >>\nstartxref\n${prev}\n%%EOF\n`)),
    ['pdf-changed-after-signing'],
    'the same section once more',
  );
  t.same(codesOf(appended(' \n\n')), [], 'white space');
});

t.test('a signature that does not cover what it should (USF)', async (t) => {
  const text = signed.toString('latin1');
  const [, range] = /\/ByteRange \[([^\]]*)\]/.exec(text) ?? [];
  const [, gapStart, gapEnd, length] = range.trim().split(' ').map(Number);
  const ranges: Record<string, string> = {
    missing: '/ByteRunge',
    'not from the start': `/ByteRange [1 ${gapStart - 1} ${gapEnd} ${length}]`,
    'a larger gap': `/ByteRange [0 ${gapStart - 1} ${gapEnd} ${length}]`,
    'a gap that is too long': `/ByteRange [0 ${gapStart} ${gapEnd + 1} ${length - 1}]`,
    'not to the end': `/ByteRange [0 ${gapStart} ${gapEnd} ${length - 10}]`,
    'beyond the end': `/ByteRange [0 ${gapStart} ${gapEnd} ${length + 9}]`,
    negative: `/ByteRange [0 ${gapStart} ${gapEnd} -1]`,
    'two counts': `/ByteRange [0 ${gapStart}]`,
    empty: '/ByteRange []',
    null: '/ByteRange null',
  };
  for (const [name, replacement] of Object.entries(ranges)) {
    const changed = text.replace(/\/ByteRange \[[^\]]*\]/, (found) =>
      name === 'missing' ? found.replace('/ByteRange', replacement) : replacement.padEnd(found.length),
    );
    t.same(codesOf(Buffer.from(changed, 'latin1')), ['pdf-byte-range-wrong'], name);
  }
  const contents: Record<string, [RegExp, (found: string) => string]> = {
    missing: [/\/Contents </, () => '/Cuntents <'],
    'white space in the digits': [/\/Contents <../, () => '/Contents <  '],
  };
  for (const [name, [pattern, replace]] of Object.entries(contents)) {
    t.same(codesOf(Buffer.from(text.replace(pattern, replace), 'latin1')), ['pdf-byte-range-wrong'], name);
  }
  const empty = text.replace(
    /\/Contents <[0-9a-f]*>/,
    (found) => `/Contents <${'0'.repeat(found.length - 12)}>`,
  );
  t.same(codesOf(Buffer.from(empty, 'latin1')), ['pdf-signature-malformed'], 'zeros for a signature');
  const unknown = text.replace('ETSI.CAdES.detached', 'ETSI.CAdES.attached');
  t.same(codesOf(Buffer.from(unknown, 'latin1')), ['pdf-signature-malformed'], 'an unknown SubFilter');
});

t.test('a gap that holds more than the signature (SWA)', async (t) => {
  const value = signatureOf(signed).contents;
  const copy = bodyOf(signed, signatureOf(signed).number);
  const inserted = Buffer.concat([objectOf(60, copy), objectOf(4, otherText)]);
  const wrapped = Buffer.concat([signed.subarray(0, value.end), inserted, signed.subarray(value.end)]);
  const shifted = Buffer.from(
    wrapped
      .toString('latin1')
      .replace(
        /startxref\n(\d+)\n%%EOF\n$/,
        (_, offset: string) => `startxref\n${Number(offset) + inserted.length}\n%%EOF\n`,
      ),
    'latin1',
  );
  const report = await deployment.validate(shifted).catch((error: unknown) => error);
  t.ok(
    (report as { code?: string }).code === 'pdf-malformed' ||
      (report as { indication?: string }).indication === 'TOTAL-FAILED',
  );
});

t.test('cross-references that wait among the signed octets (hide and replace)', async (t) => {
  const prepared = (prev: number, entry: number) => {
    const section = [
      `xref\n4 1\n${String(entry).padStart(10, '0')} 00000 n \n`,
      `trailer\n<< /Root 1 0 R /Prev ${String(prev).padStart(10, '0')} >>\n`,
    ];
    const waiting = `${objectOf(4, '[23 0 R]').toString()}${section.join('')}`;
    return sign(pdfOf({ ...shadow, 30: pdfStream('', waiting) }));
  };
  // Where everything will be is known before it is signed.
  const first = await prepared(0, 0);
  const hiding = await prepared(newestSection(first), first.toString('latin1').indexOf('4 0 obj\n[23'));
  t.same(codesOf(hiding), []);
  const hidden = hiding.toString('latin1').indexOf('xref\n4 1');
  const shown = Buffer.concat([hiding, Buffer.from(`startxref\n${hidden}\n%%EOF\n`)]);
  t.match(textsOf(shown), [/a later revision has its cross-references among the signed octets/]);
});

t.test('a signed revision that continues one that is not written yet', async (t) => {
  const prev = String(newestSection(pdfOf(shadow))).padStart(10, '0');
  const author = (offset: string) => sign(updatedPdf(pdfOf(shadow), {}, `/Root 1 0 R /Prev ${offset}`));
  await t.rejects(author('0000099999'), { code: 'pdf-malformed' }, 'we do not sign half of a document');
  const open = await author(prev);
  const later = String(open.length).padStart(10, '0');
  const waiting = Buffer.from(open.toString('latin1').replace(prev, later), 'latin1');
  const section = `xref\n0 0\ntrailer\n<< /Root 1 0 R /Prev ${prev} >>\n`;
  const completed = Buffer.concat([waiting, Buffer.from(section)]);
  t.match(textsOf(updatedPdf(completed, {}, `/Root 1 0 R /Prev ${newestSection(open)}`)), [
    /the signed revision continues one that was written later/,
  ]);
});

t.test('what may come after', async (t) => {
  const second = await sign(signed);
  t.same(textsOf(second), ['it covers revision 2 of 3; later ones brought: a signature']);
  const seen = await sign(signed, {
    appearance: { page: 1, rectangle: [10, 40, 200, 80], lines: ['Dr. Rezaei'] },
  });
  t.match(textsOf(seen), [/a signature, visible signature on page: 1$/]);
  const filled = updatedPdf(signed, {
    7: bodyOf(signed, 7).replace('()', '(by hand) /AP << /N 51 0 R >>'),
    51: otherText,
  });
  t.same(codesOf(filled), ['pdf-filled-in-after-signing'], 'an empty field: nobody said that it may be');
  t.match(await deployment.validate(filled), {
    indication: 'INDETERMINATE',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
  });
  t.match(textsOf(updatedPdf(signed, { ...edit(1, '/Pages', '/Metadata 51 0 R /Pages'), 51: otherText })), [
    /data about the document$/,
  ]);
  t.match(textsOf(updatedPdf(signed, { 70: otherText })), [/nothing that is shown$/]);
  const again = { 4: Buffer.from(bodyOf(signed, 4), 'latin1'), 5: bodyOf(signed, 5), 3: bodyOf(signed, 3) };
  t.match(textsOf(updatedPdf(signed, again)), [/nothing that is shown$/], 'the same objects once more');
  for (const document of [second, seen])
    t.match(await deployment.validate(document), { indication: 'TOTAL-PASSED' });
});

t.test('as far as whoever certified it permits', async (t) => {
  const certified = {
    1: await sign(pdfOf(), { certification: 1 }),
    2: await sign(pdfOf(), { certification: 2 }),
    3: await sign(pdfOf(), { certification: 3 }),
  };
  const fill = (pdf: Buffer) => updatedPdf(pdf, { 8: bodyOf(pdf, 8).replace('1-0-0', '2-0-0') });
  const annotate = (pdf: Buffer) =>
    updatedPdf(pdf, { 3: bodyOf(pdf, 3).replace('10 0 R', '10 0 R 50 0 R'), 50: note });
  const remove = (pdf: Buffer) => updatedPdf(pdf, { 3: bodyOf(pdf, 3).replace(' 10 0 R', '') });
  const change = (pdf: Buffer) => updatedPdf(pdf, { 4: otherText });
  const wrong = ['pdf-changed-after-signing'];
  const right = ['pdf-later-revisions'];
  for (const [level, codes] of [
    [1, [wrong, wrong, wrong, wrong]],
    [2, [right, wrong, wrong, wrong]],
    [3, [right, right, right, wrong]],
  ] as const) {
    t.same(codesOf(certified[level]), []);
    const acts = [fill, annotate, remove, change];
    t.same(
      acts.map((act) => codesOf(act(certified[level]))),
      codes,
      `certified with ${level}`,
    );
  }
  await t.rejects(sign(certified[1]), { code: 'signature-not-permitted' });
  await t.rejects(sign(signed, { certification: 2 }), { code: 'signature-not-permitted' });
  t.same(codesOf(await sign(certified[2])), right);
});

t.test('a field that the signature locked', async (t) => {
  const objects = prescriptionObjects();
  for (const [lock, note] of [
    ['/Action /All', false],
    ['/Action /Include /Fields [(note)]', false],
    ['/Action /Include /Fields [(dose)]', true],
    ['/Action /Exclude /Fields [(note)]', true],
    ['/Action /Exclude /Fields [(dose)]', false],
  ] as const) {
    objects[9] = String(prescriptionObjects()[9]).replace('/FT /Sig', `/FT /Sig /Lock << ${lock} >>`);
    const locked = await sign(pdfOf(objects), { fieldName: 'doctor' });
    const filled = updatedPdf(locked, { 7: bodyOf(locked, 7).replace('()', '(x)') });
    t.same(codesOf(filled), [note ? 'pdf-filled-in-after-signing' : 'pdf-changed-after-signing'], lock);
  }
});

/** Every reason of the document and its signatures. */
function codesOf(pdf: Buffer): string[] {
  return reasonsOf(pdf).map(({ code }) => code);
}

function textsOf(pdf: Buffer): string[] {
  return reasonsOf(pdf).map(({ text }) => text);
}

function reasonsOf(pdf: Buffer) {
  const { signatures, reasons } = readPades({ signature: pdf, signingCertificateReference: 'required' });
  return [...signatures.flatMap((signature) => signature.reasons), ...reasons];
}

function signatureOf(pdf: Buffer): { number: number; contents: { start: number; end: number } } {
  const view = new PdfFile(pdf).newest();
  const { value } = formFields(view).find(({ name }) => name === 'Signature1') ?? { value: null };
  const contents = view.dictionary(value)?.get('Contents');
  if (!(value instanceof PdfReference) || !(contents instanceof PdfString)) throw new Error('no signature');
  return { number: value.number, contents: { start: contents.start ?? 0, end: contents.end ?? 0 } };
}

/** An update that says that object 4 begins within the data of another one. */
function overlapping(): Buffer {
  const inner = objectOf(4, '[23 0 R]').toString('latin1');
  const pdf = updatedPdf(signed, { 70: pdfStream('', inner) });
  const offset = pdf.toString('latin1').lastIndexOf('4 0 obj');
  const text = pdf.toString('latin1');
  const section = newestSection(pdf);
  const entries = `xref\n4 1\n${String(offset).padStart(10, '0')} 00000 n \n`;
  return Buffer.from(text.slice(0, section) + text.slice(section).replace('xref\n', entries), 'latin1');
}
