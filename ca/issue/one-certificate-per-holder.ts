import type { DeploymentNames } from '../authority/authority.ts';
import type { Profile } from '../profile.ts';
import type { HolderClaim } from './certificate-store.ts';
import type { IssuanceRequest } from './issuance-request.ts';

/** What the records are asked before anything is signed; a lint cannot, since it sees one certificate only. */
export const ONE_CERTIFICATE_PER_HOLDER = {
  id: 'one-certificate-per-holder',
  code: 'holder-has-certificate',
  source: 'practice statement: identification and issuing',
  sentence:
    'A holder has one active signing certificate in each key store; a held one is active, and so is one that is being issued. ' +
    'Only the one that a renewal or a re-key names may stand beside its successor, until it is revoked or expires.',
} as const;

/** The slot that a signing certificate takes: sector, key store and person. Undefined for what is no holder's signing certificate. */
export function holderClaimOf(
  { purpose, keyStorage }: Pick<Profile, 'purpose' | 'keyStorage'>,
  { subject, replaces }: Pick<IssuanceRequest, 'subject' | 'replaces'>,
  { oidArc }: Pick<DeploymentNames, 'oidArc'>,
): HolderClaim | undefined {
  if (purpose !== 'signing' || !subject.nationalId) return undefined;
  // A sister CA of another sector has its own arc, and its holders their own cards.
  return { slot: `${oidArc} ${keyStorage} ${subject.nationalId}`, ...(replaces && { replaces }) };
}
