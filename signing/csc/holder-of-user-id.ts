import { parseCouncilNumber } from '../../core/council-number.ts';
import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';
import type { CredentialReference } from '../sessions/credential.ts';
import { invalidParameter } from './csc-error.ts';

const COUNCIL_NUMBER = /^(?<group>[a-z-]{1,40})-(?<digits>\d{1,10})$/;

/**
 * Whom a `userID` names: a council number as `group-digits`, or a national id. Throws CscError `Invalid parameter userID`.
 */
export function holderOfUserId(userId: string): CredentialReference {
  const council = COUNCIL_NUMBER.exec(userId)?.groups;
  try {
    if (council)
      return { councilNumber: parseCouncilNumber({ group: council['group'], digits: council['digits'] }) };
    return { nationalId: parseNationalId(userId) };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw invalidParameter('userID', { cause });
  }
}
