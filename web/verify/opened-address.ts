import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** The fragment as it stands, also when another link is opened in this window. */
export function useFragment(): string {
  return useSyncExternalStore(subscribe, () => window.location.hash);
}

/** Back to a page that asks for a file. */
export function leaveLink(): void {
  window.location.hash = '';
}
