import { signalStore } from './signal-store.ts';

const connection = signalStore(navigator.onLine);

window.addEventListener('offline', () => connection.set(false));
window.addEventListener('online', () => connection.set(true));

/** What the last request has told of the connection: a network card that is up says little. */
export function noteConnection(isThere: boolean): void {
  connection.set(isThere);
}

export const useConnection = connection.use;
