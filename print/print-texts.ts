import { toPersianDigits } from '../core/digits.ts';
import type { SummaryLanguage } from '../validation/summary/summary.ts';

interface PrintTexts {
  title: string;
  signature: (number: number) => string;
  documentHash: string;
  validatedAt: string;
  policy: string;
  link: string;
  notice: string;
}

export const PRINT_TEXTS: Record<SummaryLanguage, PrintTexts> = {
  fa: {
    title: 'گزارش اعتبارسنجی امضای الکترونیکی',
    signature: (number) => `امضای ${toPersianDigits(String(number))}`,
    documentHash: 'چکیدهٔ سند (SHA-256)',
    validatedAt: 'زمان بررسی (UTC)',
    policy: 'سیاست اعتبارسنجی',
    link: 'بررسی دوباره',
    notice:
      'این برگه برای خواندن است. آنچه اثبات می‌کند، گزارش مُهرشده و بستهٔ شواهد همراه آن است که بدون ما نیز بررسی‌پذیر است.',
  },
  en: {
    title: 'Validation of an electronic signature',
    signature: (number) => `Signature ${number}`,
    documentHash: 'Hash of the document (SHA-256)',
    validatedAt: 'Time of this check (UTC)',
    policy: 'Validation policy',
    link: 'Check it again',
    notice:
      'This sheet is for reading. What proves it is the sealed report with its evidence pack, which can be checked without us.',
  },
};
