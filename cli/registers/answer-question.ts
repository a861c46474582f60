import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { RegisterName } from '../../ra/registers/register.ts';
import type { RegisteredPerson } from './registered-person.ts';

type Find = (nationalId: NationalId) => RegisteredPerson | undefined;

/** What a development register says to a question of registers/register-protocol.ts. */
export function answerFor(
  register: RegisterName,
  question: Record<string, unknown>,
  find: Find,
): Record<string, unknown> {
  const { requestId, nationalId, mobile } = question;
  if (typeof requestId !== 'string' || typeof nationalId !== 'string')
    throw new DomainError('text-malformed', 'expected requestId and nationalId');
  const person = find(parseNationalId(nationalId));
  const answer = { requestId, register };
  if (!person) return { ...answer, status: 'unknown' };
  return { ...answer, status: 'found', entry: entryOf(register, person, mobile) };
}

function entryOf(register: RegisterName, person: RegisteredPerson, mobile: unknown): Record<string, unknown> {
  const { nationalId, givenName, surname, councilNumber, licence, birthDate, isAlive } = person;
  switch (register) {
    case 'medical-council':
      return { nationalId, givenName, surname, councilNumber, licence };
    case 'civil-registry':
      return { nationalId, givenName, surname, birthDate, isAlive };
    case 'shahkar':
      return { isOwner: mobile === person.mobile };
  }
}
