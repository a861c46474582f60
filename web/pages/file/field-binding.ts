import type { DraftField } from './application-draft.ts';

/** What connects an input with a field of the draft. */
export interface BoundField {
  name: DraftField;
  value: string;
  onChange(value: string): void;
  onBlur(): void;
  /** Shown once the field was left, or filing was tried. */
  error: string | undefined;
}

export type FieldBinding = (field: DraftField) => BoundField;
