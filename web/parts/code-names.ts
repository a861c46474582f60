import { en } from '../i18n/catalogue.ts';
import type { TextKey } from '../i18n/catalogue.ts';
import type { Translate } from '../i18n/language-context.tsx';

/** Name of a membership group; a group that the catalogue does not know keeps its code. */
export function groupName(group: string, t: Translate): string {
  return nameOf(`group.${group}`, group, t);
}

/** Name of a certificate profile; deployments may have their own. */
export function profileName(id: string, t: Translate): string {
  return nameOf(`profile.${id}`, id, t);
}

/** Name of a revocation reason or of a cause of a hold. */
export function reasonName(reason: string, t: Translate): string {
  return nameOf(`cause.${reason}`, nameOf(`reason.${reason}`, reason, t), t);
}

/** Whose doing something was: `officer:<id>`, `council-order:<message>`, `holder`. */
export function actorName(by: string, t: Translate): string {
  const kind = by.split(':', 1)[0];
  if (kind === 'officer') return t('by.officer');
  if (kind === 'holder') return t('by.holder');
  return t(kind === 'council-order' ? 'by.council' : 'by.service');
}

function nameOf(key: string, code: string, t: Translate): string {
  return Object.hasOwn(en, key) ? t(key as TextKey) : code;
}
