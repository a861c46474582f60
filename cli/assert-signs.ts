import type { Authority } from '../ca/authority/authority.ts';
import { CaError } from '../ca/ca-error.ts';
import { assertSignerMatches } from '../keys/prove-possession.ts';

/** Asks the keys of this process whether they sign now; what comes throws CaError `authority-unknown`, and what the signers throw. */
export function assertSignsWith(authorities: ReadonlyMap<string, Authority>) {
  return async (authorityId: string): Promise<void> => {
    const authority = authorities.get(authorityId);
    if (!authority) throw new CaError('authority-unknown', `no issuing CA ${authorityId} in this process`);
    await assertSignerMatches(authority.signer, authority.certificate.subjectPublicKeyInfo);
  };
}
