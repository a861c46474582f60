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

export interface SignatureSummary {
  headline: string;
  /** Label and value, in the order of reading: who, as what, when. */
  facts: { label: string; value: string }[];
  /** Why it holds or does not; each a sentence. */
  reasons: string[];
}
