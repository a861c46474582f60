/** What a line is about; the phone's page has a word for each in either language. */
export const DISPLAY_LABELS = [
  'text',
  'document',
  'prescriber',
  'prescriber-number',
  'prescriber-national-id',
  'patient',
  'patient-number',
  'patient-more',
  'date',
  'status',
  'drug',
  'drug-code',
  'dose',
  'timing',
  'duration',
  'instruction',
  'count',
  'repeats',
  'note',
  'other',
] as const;

export type DisplayLabel = (typeof DISPLAY_LABELS)[number];

/** One line on the screen; the text is the document's own, in the language in which it was written. */
export interface DisplayLine {
  label: DisplayLabel;
  text: string;
}

/** How much of the patient the phone shows: it may be read over the holder's shoulder. */
export type PatientView = 'masked' | 'whole';

const SHOWN_CHARACTERS = 3;
const MASK = '•';

/** The last characters of a number; the others are counted. */
export function maskedNumber(number: string): string {
  const shown = number.slice(-SHOWN_CHARACTERS);
  return MASK.repeat(Math.max(number.length - SHOWN_CHARACTERS, SHOWN_CHARACTERS)) + shown;
}

/** The first letter of each word. */
export function maskedName(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => [...word].slice(0, 1).join('') + MASK.repeat(SHOWN_CHARACTERS))
    .join(' ');
}
