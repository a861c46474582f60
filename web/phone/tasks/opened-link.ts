import { signalStore } from '../../client/signal-store.ts';
import { readLink } from './read-link.ts';
import type { OpenedLink } from './read-link.ts';

/** It lives in the memory of the page only. */
const opened = signalStore<OpenedLink | undefined>(undefined);

export const useOpenedLink = opened.use;

export function forgetLink(): void {
  opened.set(undefined);
}

/** Takes the link from the address at once: neither the history nor a shared address has its secret. */
export function followLinks(): void {
  takeFromAddress();
  window.addEventListener('hashchange', takeFromAddress);
}

/** A link that was pasted; false when it is none. */
export function openLink(text: string): boolean {
  const link = readLink(text.trim());
  if (link) opened.set(link);
  return link !== undefined;
}

function takeFromAddress(): void {
  const { hash, pathname, search } = window.location;
  if (hash === '') return;
  window.history.replaceState(window.history.state, '', pathname + search);
  const link = readLink(hash);
  if (link) opened.set(link);
}
