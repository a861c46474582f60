import { sameCouncilDigits } from '../../core/council-number.ts';
import {
  COUNCIL_SYSTEM_PREFIX,
  COUNCIL_SYSTEM_WITHOUT_GROUP,
  NATIONAL_ID_SYSTEM,
} from '../../prescriptions/prescription.ts';
import type { Prescriber, PrescriberIdentifier } from '../../prescriptions/prescription.ts';
import { admittancesOf, nationalIdOf } from '../signer-numbers.ts';
import type { Admittance } from '../signer-numbers.ts';
import { NO_PRESCRIPTION, prescriptionsOf } from './prescriptions-of.ts';
import type { HealthRule, RuleOutcome } from './rule.ts';

/** URIs under which prescription systems of a country give these numbers, beside the project's own. */
export interface PrescriberSystems {
  council: readonly string[];
  nationalId: readonly string[];
}

interface Signer {
  admittances: readonly Admittance[];
  nationalId: string | undefined;
}

/**
 * Who prescribes is who signs: each prescriber of each prescription has the council number of the Admission extension, and where
 * a national id is given too, that of the subject. Numbers stay out of the detail: it goes to whoever asks.
 */
export function prescriber(systems: PrescriberSystems, professionArc: string): HealthRule {
  return {
    id: 'prescriber',
    failure: 'prescriber-differs',
    judge(facts) {
      const prescriptions = prescriptionsOf(facts);
      if (prescriptions.length === 0) return NO_PRESCRIPTION;
      const admittances = admittancesOf(facts.certificate, professionArc);
      const signer = { admittances, nationalId: nationalIdOf(facts.certificate) };
      const prescribers = prescriptions.flatMap((one) => one.prescribers);
      if (prescriptions.some((one) => one.prescribers.length === 0))
        return failed('the prescription names no prescriber');
      const against = prescribers
        .map((one) => objectionTo(one, signer, systems))
        .find((text) => text !== undefined);
      return against === undefined
        ? { outcome: 'passed', detail: 'the prescriber is the signer' }
        : failed(against);
    },
  };
}

function objectionTo(
  { identifiers }: Prescriber,
  signer: Signer,
  systems: PrescriberSystems,
): string | undefined {
  const council = identifiers.filter((identifier) => isCouncil(identifier, systems));
  if (council.length === 0)
    return 'the prescription gives no council number of its prescriber under a system that is known here';
  if (!council.every((identifier) => isNumberOf(identifier, signer)))
    return "the prescriber's council number is not the signer's";
  const nationalIds = identifiers.filter(
    ({ system }) => system === NATIONAL_ID_SYSTEM || systems.nationalId.includes(system),
  );
  if (!nationalIds.every(({ value }) => value === signer.nationalId))
    return "the prescriber's national id is not the signer's";
  return undefined;
}

function isCouncil({ system }: PrescriberIdentifier, { council }: PrescriberSystems): boolean {
  return (
    system === COUNCIL_SYSTEM_WITHOUT_GROUP ||
    system.startsWith(COUNCIL_SYSTEM_PREFIX) ||
    council.includes(system)
  );
}

/** Digits repeat from one membership group to the next: where the group is said, it counts too. */
function isNumberOf({ system, value }: PrescriberIdentifier, { admittances }: Signer): boolean {
  const group = system.startsWith(COUNCIL_SYSTEM_PREFIX)
    ? system.slice(COUNCIL_SYSTEM_PREFIX.length)
    : undefined;
  return admittances.some(
    ({ group: own, registrationNumber }) =>
      registrationNumber !== undefined &&
      (group === undefined || group === own) &&
      sameCouncilDigits(registrationNumber, value),
  );
}

function failed(detail: string): RuleOutcome {
  return { outcome: 'failed', detail };
}
