import { useCallback, useMemo, useState } from 'react';

import { useSpeech } from '../../i18n/language-context.tsx';
import { checkDraft } from './check-draft.ts';
import type { DraftField } from './application-draft.ts';
import type { FieldBinding } from './field-binding.ts';
import type { DraftKeeper } from './use-application-draft.ts';

/** Binds inputs to a draft, and says what is wrong once a field was left or filing was tried. */
export function useDraftForm({ draft, set }: DraftKeeper) {
  const { t } = useSpeech();
  const [left, setLeft] = useState<ReadonlySet<DraftField>>(new Set());
  const [isTried, setTried] = useState(false);
  const faults = useMemo(() => checkDraft(draft), [draft]);
  const bind: FieldBinding = useCallback(
    (field) => {
      const fault = faults[field];
      const isShown = isTried || (left.has(field) && draft[field] !== '');
      return {
        name: field,
        value: draft[field],
        onChange: (value) => set(field, value),
        onBlur: () => setLeft((before) => new Set(before).add(field)),
        error: fault !== undefined && isShown ? t(fault) : undefined,
      };
    },
    [faults, isTried, left, draft, set, t],
  );
  const firstFault = (Object.keys(draft) as DraftField[]).find((field) => faults[field] !== undefined);
  return { bind, firstFault, isTried, markTried: () => setTried(true), reset: () => setTried(false) };
}
