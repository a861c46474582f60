import { toPersianDigits } from '../../core/digits.ts';
import type { Language } from './language.ts';

/** Offices work by Iranian time wherever the computer believes to be. */
const TIME_ZONE = 'Asia/Tehran';

const LOCALES: Record<Language, string> = {
  fa: 'fa-IR-u-ca-persian-nu-arabext',
  en: 'en-GB-u-ca-gregory-nu-latn',
};

const NUMBERS: Record<Language, Intl.NumberFormat> = {
  fa: new Intl.NumberFormat('fa-IR'),
  en: new Intl.NumberFormat('en-GB'),
};

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' };
const SHORT_DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

function formatters(options: Intl.DateTimeFormatOptions): Record<Language, Intl.DateTimeFormat> {
  const of = (language: Language) =>
    new Intl.DateTimeFormat(LOCALES[language], { timeZone: TIME_ZONE, ...options });
  return { fa: of('fa'), en: of('en') };
}

const DAYS = formatters(DAY);
const SHORT_DAYS = formatters(SHORT_DAY);
const MONTHS = formatters({ month: 'long', year: 'numeric' });
const SHORT_MONTHS = formatters({ month: 'short', year: 'numeric' });
const TIMES = formatters(TIME);

/** How numbers and times are written in a language. Times come as RFC 3339. */
export interface Format {
  number(value: number): string;
  percent(ratio: number): string;
  /** The digits of an identifier, unchanged but for their script. */
  digits(text: string): string;
  day(instant: string): string;
  shortDay(instant: string): string;
  /** Month and year. */
  month(instant: string): string;
  shortMonth(instant: string): string;
  time(instant: string): string;
  instant(instant: string): string;
}

export const FORMATS: Record<Language, Format> = { fa: formatOf('fa'), en: formatOf('en') };

function formatOf(language: Language): Format {
  const percent = new Intl.NumberFormat(language === 'fa' ? 'fa-IR' : 'en-GB', {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  return {
    number: (value) => NUMBERS[language].format(value),
    percent: (ratio) => percent.format(ratio),
    digits: (text) => (language === 'fa' ? toPersianDigits(text) : text),
    day: (instant) => dayName(DAYS[language], new Date(instant)),
    shortDay: (instant) => dayName(SHORT_DAYS[language], new Date(instant)),
    month: (instant) => dayName(MONTHS[language], new Date(instant)),
    shortMonth: (instant) => dayName(SHORT_MONTHS[language], new Date(instant)),
    time: (instant) => TIMES[language].format(new Date(instant)),
    instant: (instant) => {
      const at = new Date(instant);
      const separator = language === 'fa' ? '، ' : ', ';
      return `${dayName(DAYS[language], at)}${separator}${TIMES[language].format(at)}`;
    },
  };
}

/** Day, month, year in the order of speech; engines differ in the order and in the era that they add. */
function dayName(format: Intl.DateTimeFormat, at: Date): string {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return [parts.get('day'), parts.get('month'), parts.get('year')]
    .filter((part) => part !== undefined)
    .join(' ');
}
