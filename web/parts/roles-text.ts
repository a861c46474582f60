import type { Role } from '../client/types.ts';
import type { Translate } from '../i18n/language-context.tsx';

/** Roles in words, one after the other. */
export function rolesText(roles: readonly Role[], t: Translate): string {
  return roles.map((role) => t(`role.${role}`)).join(t('app.comma'));
}
