// The questions and answers of the three registers on the wire; docs/REGISTERS.md describes them for the other side.
import { parseCouncilNumber } from '../core/council-number.ts';
import { DomainError } from '../core/errors.ts';
import { parseNationalId } from '../core/national-id.ts';
import type { LookUp, RegisterClaims, RegisterEntries, RegisterName } from '../ra/registers/register.ts';

/** Characters of a name in an answer; longer ones are nobody's. */
const NAME_CHARACTERS_MAX = 200;

/** What is sent: the identifiers, not the names. Those the register has to say itself. */
export function questionOf<Name extends RegisterName>(
  register: Name,
  claim: RegisterClaims[Name],
  requestId: string,
): Record<string, unknown> {
  const { nationalId } = claim;
  const more = 'councilNumber' in claim ? { councilNumber: claim.councilNumber } : {};
  const mobile = 'mobile' in claim ? { mobile: claim.mobile } : {};
  return { requestId, register, nationalId, ...more, ...mobile };
}

/** Reads an answer whose signature is verified already; never throws. */
export function readAnswer<Name extends RegisterName>(
  register: Name,
  requestId: string,
  raw: Buffer,
): LookUp<Name> {
  const answer = parseObject(raw);
  if (!answer) return { kind: 'unavailable', fault: 'answer-malformed', raw };
  if (answer['requestId'] !== requestId || answer['register'] !== register)
    return { kind: 'unavailable', fault: 'answer-foreign', raw };
  if (answer['status'] === 'unknown') return { kind: 'unknown', raw };
  const entry = answer['status'] === 'found' ? readEntry(register, answer['entry']) : undefined;
  return entry ? { kind: 'found', entry, raw } : { kind: 'unavailable', fault: 'answer-malformed', raw };
}

/** A JSON object in UTF-8; undefined for anything else. */
export function parseObject(raw: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readEntry<Name extends RegisterName>(
  register: Name,
  value: unknown,
): RegisterEntries[Name] | undefined {
  if (!isObject(value)) return undefined;
  try {
    return READERS[register](value);
  } catch (error) {
    // A number that is none, or a text that is missing: the answer is worth nothing.
    if (error instanceof DomainError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const READERS: {
  readonly [Name in RegisterName]: (value: Record<string, unknown>) => RegisterEntries[Name];
} = {
  'medical-council': (value) => ({
    ...personOf(value),
    councilNumber: councilNumberOf(value['councilNumber']),
    licence: oneOf(value['licence'], ['active', 'suspended', 'ended']),
  }),
  'civil-registry': (value) => ({
    ...personOf(value),
    birthDate: dateOf(value['birthDate']),
    isAlive: booleanOf(value['isAlive']),
  }),
  shahkar: (value) => ({ isOwner: booleanOf(value['isOwner']) }),
};

function personOf(value: Record<string, unknown>) {
  return {
    nationalId: parseNationalId(textOf(value['nationalId'])),
    givenName: textOf(value['givenName']),
    surname: textOf(value['surname']),
  };
}

function councilNumberOf(value: unknown) {
  if (!isObject(value)) throw new TypeError('no council number');
  return parseCouncilNumber({ group: textOf(value['group']), digits: textOf(value['digits']) });
}

function textOf(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= NAME_CHARACTERS_MAX) return value;
  throw new TypeError('no text');
}

function dateOf(value: unknown): string {
  const text = textOf(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw new TypeError('no date');
}

function booleanOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError('neither true nor false');
}

function oneOf<T extends string>(value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new TypeError('not one of those that are known');
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
