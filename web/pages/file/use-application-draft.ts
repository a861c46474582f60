import { useCallback, useEffect, useState } from 'react';

import { useOfficer } from '../../app/officer-context.ts';
import { EMPTY_DRAFT, isBlank, parseDraft } from './application-draft.ts';
import type { ApplicationDraft, DraftField } from './application-draft.ts';

export interface DraftKeeper {
  draft: ApplicationDraft;
  set(field: DraftField, value: string): void;
  /** Empties the form, and forgets it. */
  clear(): void;
  /** The service has it now: forgets the copy on this computer. */
  forget(): void;
  /** Shows what the service has instead of what was typed. */
  replace(saved: ApplicationDraft): void;
  /** What an earlier visit left was found. */
  isRestored: boolean;
}

/**
 * What a clerk types, written to this computer with every key: a session, a connection or a browser that ends takes nothing
 * with it. `saved` is what the service has; what was typed after that goes before it. Each officer has their own at a desk that several share; filing and clearing remove it.
 */
export function useApplicationDraft(name: string, saved = EMPTY_DRAFT): DraftKeeper {
  const officer = useOfficer();
  const storageKey = `mohr.draft.${officer.id}.${name}`;
  const [restored] = useState(() => parseDraft(localStorage.getItem(storageKey)));
  const [base, setBase] = useState(saved);
  const [draft, setDraft] = useState(restored ?? base);
  useEffect(() => {
    if (isBlank(draft) || draft === base) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify(draft));
  }, [draft, base, storageKey]);
  const set = useCallback(
    (field: DraftField, value: string) => setDraft((before) => ({ ...before, [field]: value })),
    [],
  );
  const clear = useCallback(() => {
    localStorage.removeItem(storageKey);
    setDraft(EMPTY_DRAFT);
  }, [storageKey]);
  const forget = useCallback(() => setBase(draft), [draft]);
  const replace = useCallback((found: ApplicationDraft) => {
    setBase(found);
    setDraft(found);
  }, []);
  return { draft, set, forget, replace, clear, isRestored: restored !== undefined && !isBlank(restored) };
}
