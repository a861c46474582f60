import type { DeploymentNames } from '../authority/authority.ts';
import { CaError } from '../ca-error.ts';
import type { Profile } from '../profile.ts';

/** The policies that a profile asserts, for an authority of a level of assurance; throws CaError where one needs a level. */
export function policyOids(
  { extensions }: Profile,
  names: Pick<DeploymentNames, 'oidArc' | 'nationalPolicyArc'>,
  assuranceLevel: number | undefined,
): string[] {
  return (extensions.policies ?? []).map((policy) => {
    if (policy !== 'national-level') return resolveOid(policy, names);
    if (assuranceLevel !== undefined) return `${names.nationalPolicyArc}.${assuranceLevel}`;
    throw new CaError('profile-invalid', 'national-level needs an issuer with a level of assurance');
  });
}

/** An object identifier of a profile: `arc.1.2` lies below the sector's own arc. */
export function resolveOid(text: string, { oidArc }: Pick<DeploymentNames, 'oidArc'>): string {
  return text.startsWith('arc.') ? oidArc + text.slice('arc'.length) : text;
}
