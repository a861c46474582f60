import { signalStore } from '../../client/signal-store.ts';
import type { Activation } from './enrol.ts';

/** What a QR code says to this page behind `#`, which browsers send to no server. */
export type OpenedLink = ({ kind: 'activation' } & Activation) | { kind: 'pairing'; secret: string };

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

/** Either kind of link, whole or from `#` on. */
export function readLink(text: string): OpenedLink | undefined {
  const at = text.indexOf('#');
  if (at === -1) return undefined;
  const values = new URLSearchParams(text.slice(at + 1));
  const [applicationId, deskSecret, secret] = ['application', 'secret', 'pair'].map((name) =>
    values.get(name),
  );
  if (secret && /^[\w-]{43}$/.test(secret)) return { kind: 'pairing', secret };
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(applicationId ?? '');
  if (!isId || !deskSecret || deskSecret.length > 64) return undefined;
  return { kind: 'activation', applicationId: applicationId!, deskSecret };
}

function takeFromAddress(): void {
  const { hash, pathname, search } = window.location;
  if (hash === '') return;
  window.history.replaceState(window.history.state, '', pathname + search);
  const link = readLink(hash);
  if (link) opened.set(link);
}
