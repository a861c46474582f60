import type { MembershipGroup } from '../../core/council-number.ts';
import { assuranceLevel } from './assurance-level.ts';
import type { AssuranceLevel } from './assurance-level.ts';
import { documentSigning } from './document-signing.ts';
import { duringHold } from './during-hold.ts';
import { licenceActive } from './licence-active.ts';
import { nonRepudiation } from './non-repudiation.ts';
import { prescriber } from './prescriber.ts';
import type { PrescriberSystems } from './prescriber.ts';
import { prescribingProfession } from './prescribing-profession.ts';
import { prescriptionDate } from './prescription-date.ts';
import { readablePrescription } from './readable-prescription.ts';
import type { HealthRule } from './rule.ts';

export interface HealthRuleSettings {
  /** The deployment's own arc, e.g. `2.999.364.1`; professions are under its `.4`. */
  oidArc: string;
  /** Of the national policies, the level behind it. */
  nationalPolicyArc: string;
  assuranceLevelMin: AssuranceLevel;
  prescribingProfessions: readonly MembershipGroup[];
  prescriberSystems: PrescriberSystems;
}

/** What the sector asks for where a deployment's policy says nothing else. */
export const DEFAULT_RULE_SETTINGS = {
  assuranceLevelMin: 1,
  prescribingProfessions: ['physician', 'dentist', 'midwife'],
  prescriberSystems: { council: [], nationalId: [] },
} as const satisfies Omit<HealthRuleSettings, 'oidArc' | 'nationalPolicyArc'>;

/** All rules of the sector, in the order of the report; a policy may leave some out by their ids. */
export function healthRules(settings: HealthRuleSettings): HealthRule[] {
  const professionArc = professionArcOf(settings.oidArc);
  return [
    nonRepudiation,
    documentSigning,
    assuranceLevel(settings.assuranceLevelMin, settings.nationalPolicyArc),
    licenceActive,
    duringHold,
    readablePrescription,
    prescribingProfession(settings.prescribingProfessions, professionArc),
    prescriber(settings.prescriberSystems, professionArc),
    prescriptionDate,
  ];
}

/** Arc of the profession OIDs; the last component is the profession's number. */
export function professionArcOf(oidArc: string): string {
  return `${oidArc}.4`;
}
