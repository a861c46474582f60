import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { findSignatures } from '../../formats/pdf/find-signatures.ts';
import type { FoundSignature } from '../../formats/pdf/find-signatures.ts';
import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { Cursor } from '../../pki/der/decode.ts';
import { encodePem } from '../../pki/pem.ts';
import { augmentPades } from '../../signing/pades/augment-pades.ts';
import { NOON } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { compressedPdf, pdfOf } from '../support/pdf-samples.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { runProgram } from '../support/run-program.ts';
import { PdfDesk } from '../support/signed-pdfs.ts';

// What poppler, MuPDF, QPDF and cairo write, we sign; what we sign, poppler and MuPDF accept and QPDF finds in order; what poppler
// and MuPDF sign, we validate.

const desk = await PdfDesk.create();
const folder = t.testdir({ 'table.pdf': pdfOf(), 'streams.pdf': compressedPdf() });
const path = (name: string) => join(folder, name);
const run = (program: string, ...args: string[]) => runProgram(program, args, { folder });

/** How each program writes a PDF. */
const producers: Record<string, readonly [string, ...string[]]> = {
  'qpdf, object streams': ['qpdf', '--object-streams=generate', 'table.pdf'],
  'qpdf, linearised': ['qpdf', '--linearize', 'table.pdf'],
  'qpdf, linearised object streams': ['qpdf', '--linearize', '--object-streams=generate', 'table.pdf'],
  'qpdf, from streams': ['qpdf', '--object-streams=disable', 'streams.pdf'],
  'cairo, by pdftocairo': ['pdftocairo', '-pdf', 'table.pdf'],
  'poppler, by pdfunite': ['pdfunite', 'table.pdf', 'streams.pdf'],
};

for (const [name, [program, ...args]] of Object.entries(producers)) {
  t.test(name, async (t) => {
    t.match(await run(program, ...args, 'in.pdf'), { code: 0 });
    await acceptedByAll(t, readFileSync(path('in.pdf')));
  });
}

t.test('MuPDF', async (t) => {
  writeFileSync(
    path('page.txt'),
    '%%MediaBox 0 0 200 200\n%%Font F Helvetica\nBT /F 12 Tf 20 100 Td (Rp.) Tj ET\n',
  );
  t.match(await run('mutool', 'create', '-o', 'in.pdf', 'page.txt'), { code: 0 });
  await acceptedByAll(t, readFileSync(path('in.pdf')));
});

async function acceptedByAll(t: Test, document: Buffer): Promise<void> {
  const { timeStamper, material } = desk;
  const once = await desk.sign(document);
  const twice = await desk.sign(once, {
    appearance: { page: 1, rectangle: [20, 20, 180, 60], lines: ['Dr. Mina Rezaei'] },
  });
  const stamped = await augmentPades(twice, { level: 'B-LTA', timeStamper, material });
  for (const [signed, count] of [
    [once, 1],
    [twice, 2],
    [stamped, 3],
  ] as const) {
    writeFileSync(path('signed.pdf'), signed);
    t.match(await run('qpdf', '--check', 'signed.pdf'), {
      code: 0,
      output: /No syntax or stream encoding errors/,
    });
    const { output } = await run('pdfsig', '-nocert', 'signed.pdf');
    // The document time stamp is listed, and not validated.
    t.equal(countOf(output, /Signature is Valid/g), Math.min(count, 2), `pdfsig: ${output}`);
    t.equal(countOf(output, /Total document signed/g), 1);
    t.same(await verdictOf(signed), ['TOTAL-PASSED', 'PAdES', 'PAdES'].slice(0, 1 + count));
  }
  const { output } = await run('mutool', 'sign', '-v', 'signed.pdf');
  t.ok(countOf(output, /The signature is valid|unchanged since signing/g) >= 1, `mutool: ${output}`);
  const text = once.toString('latin1');
  const changed = Buffer.from(text.replace('/MediaBox', '/MediaBux'), 'latin1');
  writeFileSync(path('changed.pdf'), changed);
  if (changed.equals(once)) return;
  t.match((await run('pdfsig', '-nocert', 'changed.pdf')).output, /Digest Mismatch|Signature is Invalid/i);
  t.match(await desk.validate(changed), { subIndication: 'HASH_FAILURE' });
}

t.test('what OpenSSL says of the octets', async (t) => {
  const { timeStamper, material, deployment } = desk;
  const stamped = await augmentPades(await desk.sign(), { level: 'B-LTA', timeStamper, material });
  const [signature, timeStamp] = findSignatures(new PdfFile(stamped));
  const certificates = [deployment.root, deployment.bronze].map(({ certificate }) => certificate.bytes);
  const [root, issuer] = certificates.map((bytes) => encodePem('CERTIFICATE', bytes));
  const cwd = t.testdir({
    'root.pem': root,
    'issuer.pem': issuer,
    'signed.bin': coveredBy(signature),
    'signature.der': contentsOf(signature),
    'stamped.bin': coveredBy(timeStamp),
    'token.der': contentsOf(timeStamp),
  });
  const at = ['-attime', String(NOON.getTime() / 1_000 + 60), '-CAfile', 'root.pem'];
  const cms = [
    'cms',
    '-verify',
    '-cades',
    '-binary',
    '-inform',
    'DER',
    '-in',
    'signature.der',
    '-content',
    'signed.bin',
  ];
  t.equal(runOpenssl([...cms, '-purpose', 'any', '-out', 'out.bin', ...at], { cwd }).toString(), '');
  const ts = [
    'ts',
    '-verify',
    '-token_in',
    '-in',
    'token.der',
    '-data',
    'stamped.bin',
    '-untrusted',
    'issuer.pem',
  ];
  t.match(runOpenssl([...ts, ...at], { cwd }).toString(), /Verification: OK/);
});

function coveredBy({ coverage }: FoundSignature): Buffer {
  return Buffer.concat(coverage.range?.parts ?? []);
}

function contentsOf({ dictionary }: FoundSignature): Buffer {
  return new Cursor(dictionary.contents?.bytes ?? Buffer.alloc(0)).next().bytes;
}

t.test('what poppler and MuPDF sign', async (t) => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const { certificate } = await desk.deployment.issue(memorySigner(key, 'rsa-sha256'));
  const pems = {
    'key.pem': key.export({ type: 'pkcs8', format: 'pem' }),
    'certificate.pem': encodePem('CERTIFICATE', certificate.bytes),
    'issuer.pem': encodePem('CERTIFICATE', desk.deployment.bronze.certificate.bytes),
    'root.pem': encodePem('CERTIFICATE', desk.deployment.root.certificate.bytes),
  };
  for (const [name, pem] of Object.entries(pems)) writeFileSync(path(name), pem);
  const chain = ['-certfile', 'issuer.pem', '-name', 'doctor', '-passout', 'pass:secret'];
  const pkcs12 = ['pkcs12', '-export', '-inkey', 'key.pem', '-in', 'certificate.pem', ...chain];
  runOpenssl([...pkcs12, '-out', 'doctor.p12'], { cwd: folder });
  const nss = ['-d', `sql:${folder}`];
  t.match(await run('certutil', '-N', '--empty-password', ...nss), { code: 0 });
  t.match(await run('pk12util', '-i', 'doctor.p12', '-W', 'secret', ...nss), { code: 0 });
  await run('certutil', '-A', '-n', 'root', '-t', 'CT,C,C', '-i', 'root.pem', ...nss);

  const pdfsig = (...args: string[]) => run('pdfsig', '-nssdir', `sql:${folder}`, '-nick', 'doctor', ...args);
  for (const source of ['table.pdf', 'streams.pdf']) {
    await pdfsig('-add-signature', source, 'added.pdf');
    await validated(t, 'added.pdf', ['CMS'], `a signature added to ${source}`);
    await pdfsig('-add-signature', 'added.pdf', 'twice.pdf');
    await validated(t, 'twice.pdf', ['CMS', 'CMS'], 'and another one');
    await pdfsig('-sign', 'doctor', source, 'field.pdf');
    await validated(t, 'field.pdf', ['CMS'], `the field of ${source}`);
    await run('mutool', 'sign', '-s', 'doctor.p12', '-P', 'secret', '-o', 'mutool.pdf', source, '9');
    // This MuPDF signs with SHA-1: genuine, and not accepted any more.
    const report = await desk.validate(readFileSync(path('mutool.pdf')));
    t.match(
      report,
      { cryptographic: 'PASSED', subIndication: 'CRYPTO_CONSTRAINTS_FAILURE' },
      `MuPDF, ${source}`,
    );
  }
});

async function validated(t: Test, name: string, formats: string[], message: string): Promise<void> {
  const document = readFileSync(path(name));
  t.same(await verdictOf(document), ['TOTAL-PASSED', ...formats], message);
  const onTop = await desk.sign(document);
  t.same(await verdictOf(onTop), ['TOTAL-PASSED', ...formats, 'PAdES'], `${message}, and ours on top`);
}

/** The indication, formats, and what speaks against it. */
async function verdictOf(document: Buffer): Promise<string[]> {
  const { indication, signatures, reasons } = await desk.validate(document);
  const against = indication === 'TOTAL-PASSED' ? [] : reasons.map(({ code, text }) => `${code}: ${text}`);
  return [indication, ...signatures.map(({ format }) => format), ...against];
}

function countOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
