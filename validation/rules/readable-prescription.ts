import { NO_PRESCRIPTION } from './prescriptions-of.ts';
import type { HealthRule } from './rule.ts';

/**
 * A prescription that cannot be read in one way only is judged by no other rule, and a pharmacy's reader may still find one in it:
 * it does not pass.
 */
export const readablePrescription: HealthRule = {
  id: 'readable-prescription',
  failure: 'prescription-unreadable',
  judge({ documents }) {
    const unreadable = documents.find((reading) => reading.kind === 'unreadable');
    if (unreadable) return { outcome: 'failed', detail: unreadable.detail };
    if (!documents.some(({ kind }) => kind === 'prescription')) return NO_PRESCRIPTION;
    return { outcome: 'passed', detail: 'it can be read in one way only' };
  },
};
