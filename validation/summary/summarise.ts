import { toPersianDigits } from '../../core/digits.ts';
import type { Reason } from '../reason.ts';
import type { SignatureReport, StatusSummary, ValidationReport } from '../report.ts';
import type { FactName, SignatureSummary, Summary, SummaryLanguage } from './summary.ts';
import type { SummaryTexts } from './summary-texts.ts';
import { ENGLISH } from './texts-en.ts';
import { PERSIAN } from './texts-fa.ts';

const SUMMARY_TEXTS: Record<SummaryLanguage, SummaryTexts> = { fa: PERSIAN, en: ENGLISH };

type Writer = SummaryTexts & { language: SummaryLanguage; time: (instant: string) => string };

/** Says in plain words what a report says in the standard's: who signed, as what, when, whether it holds and why. */
export function summarise(report: ValidationReport, language: SummaryLanguage): Summary {
  const writer = { ...SUMMARY_TEXTS[language], language, time: timeWriter(language) };
  const ofSignatures = report.signatures.flatMap(({ reasons }) => reasons);
  const remarks = report.reasons.filter((reason) => !ofSignatures.includes(reason));
  return {
    language,
    direction: language === 'fa' ? 'rtl' : 'ltr',
    headline: report.signatures.length === 0 ? writer.noSignature : writer.document[report.indication],
    signatures: report.signatures.map((signature) => summariseSignature(signature, writer)),
    remarks: sentences(remarks, writer),
  };
}

function summariseSignature(signature: SignatureReport, writer: Writer): SignatureSummary {
  const { signer, status, claimedSigningTime } = signature;
  const { source, at } = signature.bestSignatureTime;
  const values: [FactName, string | undefined][] = [
    ['signer', signer?.name],
    [
      'profession',
      signer?.profession ? writer.professions[signer.profession] : signer?.professionTitles.join('، '),
    ],
    ['council-number', digits(signer?.councilNumber, writer)],
    ['national-id', isolated(digits(signer?.nationalIdMasked, writer))],
    ['claimed-time', claimedSigningTime && writer.time(claimedSigningTime)],
    ['proven-time', writer.proof[source](writer.time(at))],
    ['certificate-status', status && statusText(status.now, writer)],
    ['issuer', isolated(signature.issuers?.[0])],
    ['format', [signature.format, signature.level.reached].filter(Boolean).join(' ')],
  ];
  return {
    headline: writer.signature[signature.indication],
    facts: values.flatMap(([name, value]) => (value ? [{ name, label: writer.labels[name], value }] : [])),
    reasons: sentences(signature.reasons, writer),
  };
}

/** Each once: several certificates of a path may have the same fault. */
function sentences(reasons: readonly Reason[], writer: Writer): string[] {
  return [...new Set(reasons.map(({ code }) => writer.reasons[code]))];
}

function statusText({ status, since }: StatusSummary, writer: Writer): string {
  const name = writer.status[status];
  return since === undefined ? name : writer.since(name, writer.time(since));
}

function digits(text: string | undefined, { language }: Writer): string | undefined {
  return text !== undefined && language === 'fa' ? toPersianDigits(text) : text;
}

/** Stands by itself within a line of either direction (UAX #9 §2.4): masked digits would come out the other way round. */
function isolated(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `\u2068${text}\u2069`;
}

/** By the clocks of Iran: Jalali in Persian, Gregorian in English. */
function timeWriter(language: SummaryLanguage): (instant: string) => string {
  const locale = language === 'fa' ? 'fa-IR-u-ca-persian-nu-arabext' : 'en-GB-u-ca-gregory-nu-latn';
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: 'Asia/Tehran',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return (instant) => format.format(new Date(instant));
}
