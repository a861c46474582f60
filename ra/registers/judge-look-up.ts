import { searchKey } from '../../core/persian-text.ts';
import type { LookUp, RegisterClaims, RegisterEntries, RegisterFault, RegisterName } from './register.ts';

export type RegisterResult = 'MATCH' | 'NO_MATCH' | 'UNAVAILABLE';

/** Why a register contradicts the case. */
export type Contradiction =
  | 'person-unknown'
  | 'national-id-differs'
  | 'council-number-differs'
  | 'name-differs'
  | 'birth-date-differs'
  | 'licence-suspended'
  | 'licence-ended'
  | 'deceased'
  | 'mobile-of-another';

export type Verdict =
  | { result: 'MATCH'; reason: 'as-registered' }
  | { result: 'NO_MATCH'; reason: Contradiction }
  | { result: 'UNAVAILABLE'; reason: RegisterFault };

/** Holds an answer against the case. Only an authentic entry that contradicts nothing is a match. */
export function judgeLookUp<Name extends RegisterName>(
  register: Name,
  claim: RegisterClaims[Name],
  lookUp: LookUp<Name>,
): Verdict {
  if (lookUp.kind === 'unavailable') return { result: 'UNAVAILABLE', reason: lookUp.fault };
  if (lookUp.kind === 'unknown') return { result: 'NO_MATCH', reason: 'person-unknown' };
  const contradiction = CONTRADICTIONS[register](claim, lookUp.entry);
  return contradiction
    ? { result: 'NO_MATCH', reason: contradiction }
    : { result: 'MATCH', reason: 'as-registered' };
}

type Contradict<Name extends RegisterName> = (
  claim: RegisterClaims[Name],
  entry: RegisterEntries[Name],
) => Contradiction | undefined;

/** What weighs most comes first: a clerk is shown one reason. */
const CONTRADICTIONS: { readonly [Name in RegisterName]: Contradict<Name> } = {
  'medical-council': (claim, entry) => {
    if (entry.nationalId !== claim.nationalId) return 'national-id-differs';
    const { group, digits } = entry.councilNumber;
    if (group !== claim.councilNumber.group || digits !== claim.councilNumber.digits)
      return 'council-number-differs';
    if (entry.licence === 'ended') return 'licence-ended';
    if (entry.licence === 'suspended') return 'licence-suspended';
    return sameName(claim, entry) ? undefined : 'name-differs';
  },
  'civil-registry': (claim, entry) => {
    if (entry.nationalId !== claim.nationalId) return 'national-id-differs';
    if (!entry.isAlive) return 'deceased';
    if (claim.birthDate !== undefined && claim.birthDate !== entry.birthDate) return 'birth-date-differs';
    return sameName(claim, entry) ? undefined : 'name-differs';
  },
  shahkar: (_claim, { isOwner }) => (isOwner ? undefined : 'mobile-of-another'),
};

type Names = { givenName: string; surname: string };

/** Registers write one name with and without harakat, joiners and Arabic letters; nothing else may differ. */
function sameName(claim: Names, entry: Names): boolean {
  return keyOf(claim) === keyOf(entry);
}

function keyOf({ givenName, surname }: Names): string {
  return [givenName, surname].map((name) => searchKey(name).replaceAll(' ', '')).join('\n');
}
