import { offersProfile } from '../ca/authority/offered-profiles.ts';
import type { Authority } from '../ca/authority/authority.ts';
import type { CrlAuthority } from '../ca/crl/crl-house.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import { DomainError } from '../core/errors.ts';
import type { CrlKinds, CrlSwitches } from './crl-settings.ts';

/** What distribution points of certificates name, each by the kind of CRL that has to be there. */
const NAMED = { shard: 'shards', complete: 'complete' } as const;

export interface CrlAuthoritiesFacts {
  authorities: readonly Authority[];
  switches: CrlSwitches;
  profiles: Profiles;
  publicUrl: string;
  /** Whether a certificate of an authority, not expired, contains an address that begins so. */
  isAddressInForce(authorityId: string, address: string): Promise<boolean>;
}

/**
 * The authorities with the CRLs that each publishes. Throws DomainError `crl-switches` when an unknown authority is named, or
 * a CRL is switched off to which certificates point: those that are in force, and those that a profile would make.
 */
export async function crlAuthorities(facts: CrlAuthoritiesFacts): Promise<CrlAuthority[]> {
  const { authorities, switches } = facts;
  const unknown = [...switches.of.keys()].find((id) => authorities.every((authority) => authority.id !== id));
  if (unknown !== undefined)
    throw new DomainError('crl-switches', `MOHR_CRLS names ${unknown}, which has no key here`);
  const published: CrlAuthority[] = [];
  for (const authority of authorities) {
    const kinds = switches.of.get(authority.id) ?? switches.others;
    const fault = await faultOf(facts, authority, kinds);
    if (fault !== undefined) throw new DomainError('crl-switches', `MOHR_CRLS: ${fault}`);
    published.push({ authority, ...kinds });
  }
  return published;
}

async function faultOf(
  { profiles, publicUrl, isAddressInForce }: CrlAuthoritiesFacts,
  authority: Authority,
  kinds: CrlKinds,
): Promise<string | undefined> {
  const { id } = authority;
  for (const profile of profiles.values()) {
    const point = profile.extensions.crlDistributionPoint;
    if (!point || kinds[NAMED[point]] || !offersProfile(authority, profile)) continue;
    if (profile.purpose === 'intermediate') continue;
    return `${NAMED[point]} are off for ${id}, whose profile ${profile.id} puts their address into certificates`;
  }
  for (const [kind, address] of [
    ['shards', `${publicUrl}/crl/${id}/`],
    ['complete', `${publicUrl}/crl/${id}.crl`],
  ] as const) {
    if (!kinds[kind] && (await isAddressInForce(id, address)))
      return `${kind} are off for ${id}, and certificates in force have their address`;
  }
  return undefined;
}
