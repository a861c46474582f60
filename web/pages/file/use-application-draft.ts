import { useCallback, useEffect, useState } from 'react';

import { useOfficer } from '../../app/officer-context.ts';
import { EMPTY_DRAFT, isBlank, parseDraft } from './application-draft.ts';
import type { ApplicationDraft, DraftField } from './application-draft.ts';

export interface DraftKeeper {
  draft: ApplicationDraft;
  set(field: DraftField, value: string): void;
  replace(draft: ApplicationDraft): void;
  clear(): void;
  /** What an earlier visit left was found. */
  isRestored: boolean;
}

/**
 * What a clerk types, written to this computer with every key: a session, a connection or a browser that ends takes nothing
 * with it. Each officer has their own at a desk that several share; filing and clearing remove it.
 */
export function useApplicationDraft(name: string): DraftKeeper {
  const officer = useOfficer();
  const storageKey = `mohr.draft.${officer.id}.${name}`;
  const [restored] = useState(() => parseDraft(localStorage.getItem(storageKey)));
  const [draft, setDraft] = useState(restored ?? EMPTY_DRAFT);
  useEffect(() => {
    if (isBlank(draft)) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify(draft));
  }, [draft, storageKey]);
  const set = useCallback(
    (field: DraftField, value: string) => setDraft((before) => ({ ...before, [field]: value })),
    [],
  );
  const clear = useCallback(() => {
    localStorage.removeItem(storageKey);
    setDraft(EMPTY_DRAFT);
  }, [storageKey]);
  return { draft, set, replace: setDraft, clear, isRestored: restored !== undefined && !isBlank(restored) };
}
