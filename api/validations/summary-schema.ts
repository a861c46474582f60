import { Type } from 'typebox';

import { FACT_NAMES, SUMMARY_LANGUAGES } from '../../validation/summary/summary.ts';

/** JSON form of validation/summary/summary.ts. */
export const SummarySchema = Type.Object({
  language: Type.Enum(SUMMARY_LANGUAGES),
  direction: Type.Enum(['rtl', 'ltr']),
  headline: Type.String({ description: 'Whether the document holds, in one sentence' }),
  signatures: Type.Array(
    Type.Object({
      headline: Type.String(),
      facts: Type.Array(
        Type.Object({ name: Type.Enum(FACT_NAMES), label: Type.String(), value: Type.String() }),
      ),
      reasons: Type.Array(Type.String()),
    }),
  ),
  remarks: Type.Array(Type.String()),
});
