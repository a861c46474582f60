import type { RevocationReason } from '../../pki/revocation-reason.ts';

/** What the Medical Council says of a licence. */
export const LICENCE_EVENTS = ['suspended', 'restored', 'ended', 'deceased'] as const;
export type LicenceEvent = (typeof LICENCE_EVENTS)[number];

/** How a licence stands after all that was said of it; of whom nothing was said, it is active. */
export type LicenceStanding = 'active' | 'suspended' | 'ended' | 'deceased';

/** What a standing does to the holder's certificates (DOMAIN §4). */
export interface LicenceEffect {
  event: 'held' | 'released' | 'revoked';
  reason?: RevocationReason;
}

export const EFFECTS: Readonly<Record<LicenceStanding, LicenceEffect>> = {
  active: { event: 'released' },
  suspended: { event: 'held' },
  ended: { event: 'revoked', reason: 'privilegeWithdrawn' },
  deceased: { event: 'revoked', reason: 'cessationOfOperation' },
};

/**
 * The standing after an event; undefined: refused. A licence that has ended may be given back, which revives no certificate. A
 * death is not taken back by a machine.
 */
export const NEXT_STANDING: Readonly<
  Record<LicenceStanding, Readonly<Record<LicenceEvent, LicenceStanding | undefined>>>
> = {
  active: { suspended: 'suspended', restored: 'active', ended: 'ended', deceased: 'deceased' },
  suspended: { suspended: 'suspended', restored: 'active', ended: 'ended', deceased: 'deceased' },
  ended: { suspended: 'ended', restored: 'active', ended: 'ended', deceased: 'deceased' },
  deceased: { suspended: 'deceased', restored: undefined, ended: 'deceased', deceased: 'deceased' },
};
