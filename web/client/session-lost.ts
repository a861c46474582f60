import { signalStore } from './signal-store.ts';

const lost = signalStore(false);

/** A request was refused for want of a session; the page stays as it is until somebody signs in again. */
export function noteSessionLost(): void {
  lost.set(true);
}

export function noteSignedIn(): void {
  lost.set(false);
}

export const useSessionLost = lost.use;
