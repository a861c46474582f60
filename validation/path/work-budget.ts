import { ValidationError } from '../validation-error.ts';

/**
 * What one validation may cost, however many certificates, names and CRLs are sent along (RFC 4158 §2.4 leaves the bounds
 * to the implementation; these are a hundred times what national hierarchies need).
 */
export const WORK_LIMITS = {
  /** Signatures on certificates, CRLs and OCSP responses that are verified; each costs up to a millisecond. */
  signatures: 100,
  /** Issuers, CRLs, OCSP responses and their signers that are looked at. */
  candidates: 20_000,
  /** Whole paths that are validated. */
  paths: 200,
  /** Comparisons of a name with a name constraint, or of the names of distribution points. */
  'name comparisons': 250_000,
  /** Entries of indirect CRLs, which have to be read from the first on. */
  'CRL entries': 1_000_000,
} as const;

export type Work = keyof typeof WORK_LIMITS;

/** Counts the work of one validation and ends it with ValidationError `work-limit-exceeded` where it becomes too much. */
export class WorkBudget {
  readonly #spent = new Map<Work, number>();

  spend(work: Work, count = 1): void {
    const spent = this.spent(work) + count;
    this.#spent.set(work, spent);
    if (spent > WORK_LIMITS[work]) {
      throw new ValidationError('work-limit-exceeded', `more than ${WORK_LIMITS[work]} ${work}`);
    }
  }

  spent(work: Work): number {
    return this.#spent.get(work) ?? 0;
  }
}

/** Whether a validation was ended by its budget. */
export function isWorkLimit(cause: unknown): cause is ValidationError {
  return cause instanceof ValidationError && cause.code === 'work-limit-exceeded';
}
