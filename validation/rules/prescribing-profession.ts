import type { MembershipGroup } from '../../core/council-number.ts';
import { admittancesOf } from '../signer-numbers.ts';
import { NO_PRESCRIPTION, prescriptionsOf } from './prescriptions-of.ts';
import type { HealthRule } from './rule.ts';

/** Whoever signs a prescription has a profession that may prescribe. */
export function prescribingProfession(
  allowed: readonly MembershipGroup[],
  professionArc: string,
): HealthRule {
  return {
    id: 'prescribing-profession',
    failure: 'profession-may-not-prescribe',
    judge(facts) {
      if (prescriptionsOf(facts).length === 0) return NO_PRESCRIPTION;
      const groups = admittancesOf(facts.certificate, professionArc).map(({ group }) => group);
      const outcome = groups.some((group) => allowed.includes(group)) ? 'passed' : 'failed';
      return {
        outcome,
        detail: `the certificate says ${groups.join(', ') || 'no profession'}; ${allowed.join(', ')} may prescribe`,
      };
    },
  };
}
