import { useCallback, useState } from 'react';

import { useOfficer } from '../app/officer-context.ts';

/**
 * A text that takes thought, e.g. why an application is rejected: written to this computer with every key, as the application
 * form is, until it has been sent.
 */
export function useKeptText(name: string): [text: string, set: (text: string) => void] {
  const { id } = useOfficer();
  const storageKey = `mohr.text.${id}.${name}`;
  const [text, setText] = useState(() => localStorage.getItem(storageKey) ?? '');
  const set = useCallback(
    (changed: string) => {
      setText(changed);
      if (changed === '') localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, changed);
    },
    [storageKey],
  );
  return [text, set];
}
