import { readSealedReport } from '../dossier/read-sealed-report.ts';
import type { ValidationReport } from '../report.ts';
import type { Summary, SummaryLanguage } from '../summary/summary.ts';
import type { KeptVerdictHouse } from './keep-verdict.ts';
import { unknownVerdict } from './keep-verdict.ts';
import { linkSha256, openByLink } from './link-secret.ts';

/** A verdict as it was given then; nothing is judged anew. */
export interface OpenedVerdict {
  report: ValidationReport;
  summary: Record<SummaryLanguage, Summary>;
  /** Of what was validated, hexadecimal; absent when there was no signature in it. */
  documentSha256?: string;
  /** JAdES. */
  seal: Buffer;
  keptAt: Date;
  expiresAt: Date;
}

/** What a link opens. Throws ValidationError `kept-verdict-unknown`, `kept-verdict-damaged`. */
export async function readKeptVerdict(
  secret: string,
  { keptVerdicts, clock }: Pick<KeptVerdictHouse, 'keptVerdicts' | 'clock'>,
): Promise<OpenedVerdict> {
  const kept = await keptVerdicts.read(linkSha256(secret), clock.now());
  if (!kept) throw unknownVerdict();
  const seal = openByLink(secret, kept.sealed);
  const { report: sealed } = readSealedReport(seal);
  const digest = sealed.SignatureValidationReport.at(0)?.SignatureIdentifier.DigestAlgAndValue.DigestValue;
  return {
    report: sealed.Report,
    summary: sealed.Summary,
    ...(digest !== undefined && { documentSha256: Buffer.from(digest, 'base64').toString('hex') }),
    seal,
    keptAt: kept.keptAt,
    expiresAt: kept.expiresAt,
  };
}
