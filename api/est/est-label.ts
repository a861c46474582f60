import { DomainError } from '../../core/errors.ts';
import type { PublishedAuthority } from '../api-services.ts';

/** The issuing CA of a label; undefined without one. Throws DomainError `authority-unknown`. */
export function authorityOfLabel(
  authorities: readonly PublishedAuthority[],
  params: unknown,
): PublishedAuthority | undefined {
  const { label } = params as { label?: string };
  if (label === undefined) return undefined;
  const found = authorities.find(({ id, issuerId }) => id === label && issuerId !== undefined);
  if (found) return found;
  throw new DomainError('authority-unknown', 'no issuing CA has this label');
}
