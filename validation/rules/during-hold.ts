import { faultOfHolds } from '../past-holds.ts';
import type { HealthRule } from './rule.ts';

/** A signature made while its certificate was on hold stays one, whatever became of the hold (DOMAIN §5). */
export const duringHold: HealthRule = {
  id: 'during-hold',
  failure: 'signed-during-hold',
  isOfCounterSignatures: true,
  judge({ pastHolds, claimedSigningTime }) {
    if (pastHolds.length === 0)
      return {
        outcome: 'not-applicable',
        detail: 'no hold of the certificate had ended when the signature existed',
      };
    const fault = faultOfHolds(pastHolds, claimedSigningTime);
    if (!fault)
      return { outcome: 'passed', detail: 'the signing-time is in none of the certificate’s holds' };
    return { outcome: 'failed', detail: fault.text, failure: fault.code };
  },
};
