import type { Prescription } from '../../prescriptions/prescription.ts';
import type { RuleFacts, RuleOutcome } from './rule.ts';

export function prescriptionsOf({ documents }: RuleFacts): Prescription[] {
  return documents.flatMap((reading) => (reading.kind === 'prescription' ? [reading.prescription] : []));
}

/** What a rule for prescriptions says of something else. */
export const NO_PRESCRIPTION: RuleOutcome = {
  outcome: 'not-applicable',
  detail: 'what was signed is no prescription',
};
