import { createRequire } from 'node:module';

import PDFDocument from 'pdfkit';
import { encode } from 'uqr';

import type { Indication } from '../validation/verdict.ts';
import type { Summary } from '../validation/summary/summary.ts';
import { PRINT_TEXTS } from './print-texts.ts';
import { TextColumn } from './text-column.ts';

export interface PrintedReport {
  summary: Summary;
  indication: Indication;
  subIndication?: string;
  /** SHA-256 of what was handed in, hexadecimal. */
  documentSha256: string;
  validatedAt: string;
  policy: string;
  /** Where the verdict can be looked up or the file checked again; becomes a QR code. */
  link?: string;
}

const { resolve } = createRequire(import.meta.url);
const MARGIN = 56;
const QR_SIZE = 84;
const COLOURS: Record<Indication, string> = {
  'TOTAL-PASSED': '#0b6b3a',
  'TOTAL-FAILED': '#a11212',
  INDETERMINATE: '#8a5a00',
};

/** Prints a verdict as a PDF of A4 pages, for people and files; it carries no signature of its own. */
export async function printReport(report: PrintedReport): Promise<Buffer> {
  const { summary } = report;
  const texts = PRINT_TEXTS[summary.language];
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    lang: summary.language,
    info: { Title: texts.title, CreationDate: new Date(report.validatedAt) },
  });
  for (const script of ['arabic', 'latin'])
    for (const weight of [400, 700])
      document.registerFont(
        `${script}-${weight}`,
        resolve(`@fontsource/vazirmatn/files/vazirmatn-${script}-${weight}-normal.woff`),
      );
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((done, failed) => document.on('end', done).on('error', failed));
  layOut(new TextColumn(document, { direction: summary.direction, margin: MARGIN }), report);
  document.end();
  await finished;
  return Buffer.concat(chunks);
}

function layOut(column: TextColumn, report: PrintedReport): void {
  const { summary, indication, subIndication, link } = report;
  const texts = PRINT_TEXTS[summary.language];
  if (link !== undefined) column.corner(encode(link, { ecc: 'M' }).data, QR_SIZE);
  column.text(texts.title, { size: 18, bold: true });
  column.gap(6);
  column.text(summary.headline, { size: 14, bold: true, colour: COLOURS[indication] });
  column.text([indication, subIndication].filter((part) => part !== undefined).join(' / '), {
    size: 9,
    colour: '#555555',
  });
  for (const remark of summary.remarks) column.text(remark, { size: 11 });
  for (const [index, signature] of summary.signatures.entries()) {
    column.rule();
    column.text(`${texts.signature(index + 1)}: ${signature.headline}`, { size: 13, bold: true });
    for (const { label, value } of signature.facts) column.fact(label, value);
    column.gap(4);
    for (const reason of signature.reasons) column.text(`• ${reason}`, { size: 11 });
  }
  column.rule();
  column.fact(texts.documentHash, report.documentSha256.replace(/(.{32})/, '$1 '));
  column.fact(texts.validatedAt, report.validatedAt);
  column.fact(texts.policy, report.policy);
  if (link !== undefined) column.fact(texts.link, link);
  column.gap(8);
  column.text(texts.notice, { size: 9, colour: '#555555' });
}
