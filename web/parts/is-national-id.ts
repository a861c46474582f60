import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';

export function isNationalId(text: string): boolean {
  try {
    parseNationalId(text);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
