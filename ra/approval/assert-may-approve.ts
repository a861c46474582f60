import type { Application } from '../application.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';

/** Who is nobody's second officer: whoever filed the case, whom it is about, and who manages the office. */
export function assertMayApprove(
  officer: Officer,
  { filedBy, applicant }: Pick<Application, 'filedBy' | 'applicant'>,
): void {
  if (filedBy === officer.id)
    throw new RaError('four-eyes', 'whoever filed an application cannot approve it');
  if (officer.nationalId !== undefined && officer.nationalId === applicant.nationalId)
    throw new RaError('own-case', 'nobody approves a certificate for themselves');
  if (officer.roles.includes('office-manager'))
    throw new RaError('manager-approves', 'whoever manages an office does not approve');
}
