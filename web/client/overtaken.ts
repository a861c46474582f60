import type { ProblemError } from './problem.ts';
import { signalStore } from './signal-store.ts';

/** Refusals that mean: somebody else was quicker. What the page shows once it is fetched anew may hide whatever showed them. */
const OVERTAKEN = ['status-transition', 'change-state', 'officer-state', 'inspection-closed'];

const overtaken = signalStore<ProblemError | null>(null);

export function noteOvertaken(error: ProblemError): void {
  if (OVERTAKEN.includes(error.code)) overtaken.set(error);
}

export function forgetOvertaken(): void {
  overtaken.set(null);
}

/** The last such refusal on this page. */
export const useOvertaken = overtaken.use;
