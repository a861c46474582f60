import type { Role } from '../../client/types.ts';

export function mayInspect(roles: readonly Role[]): boolean {
  return roles.some((role) => role === 'security-officer' || role === 'auditor');
}
