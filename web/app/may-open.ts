import type { Role } from '../client/types.ts';
import type { PageAccess } from './pages.ts';

export function mayOpen(access: PageAccess, roles: readonly Role[]): boolean {
  if (access === 'public' || access === 'signed-in') return true;
  return roles.some((role) => access.includes(role));
}
