export const SUMMARY_LANGUAGES = ['fa', 'en'] as const;
export type SummaryLanguage = (typeof SUMMARY_LANGUAGES)[number];

/** A verdict as a pharmacist or a judge reads it. */
export interface Summary {
  language: SummaryLanguage;
  direction: 'rtl' | 'ltr';
  /** One sentence: whether the document holds. */
  headline: string;
  signatures: SignatureSummary[];
  /** What speaks about the document as a whole. */
  remarks: string[];
}

/** Names of facts, the same in every language. */
export const FACT_NAMES = [
  'signer',
  'profession',
  'council-number',
  'national-id',
  'claimed-time',
  'proven-time',
  'certificate-status',
  'issuer',
  'format',
] as const;
export type FactName = (typeof FACT_NAMES)[number];

export interface SignatureSummary {
  headline: string;
  /** Label and value, in the order of reading: who, as what, when. */
  facts: { name: FactName; label: string; value: string }[];
  /** Why it holds or does not; each a sentence. */
  reasons: string[];
}
