import { parseApplicant } from '../../ra/applicant-input.ts';
import type { Applicant } from '../../ra/application.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { syntheticPerson } from './synthetic-person.ts';

/** What each holder has: two on the card, one on the phone. */
export const SEED_PROFILES = ['signing-card', 'authentication', 'signing-phone'] as const;

/** As many as an office of the sector looks after: a million certificates make some five hundred offices. */
const OFFICE_CERTIFICATES = 1_800;

/** National ids of the synthetic prefix, three certificates each; some are left for those who issue beside. */
export const SEED_COUNT_MAX = 2_400_000;

/** Of a hundred certificates in force four are revoked, and of a thousand three are on hold: cards are lost, doctors retire. */
const REVOKED_OF = { every: 25, at: 7 };
const HELD_OF = { every: 333, at: 5 };
const REASONS: readonly RevocationReason[] = ['superseded', 'keyCompromise', 'cessationOfOperation'];

export type SeedStatus = { event: 'held' } | { event: 'revoked'; reason: RevocationReason };

/** Certificate number `place` of a seeded database; the same in each run. */
export interface SeedRow {
  place: number;
  applicant: Applicant;
  profileId: (typeof SEED_PROFILES)[number];
  /** Absent: it stays good. */
  status?: SeedStatus;
}

export function seedRow(place: number): SeedRow {
  const holder = Math.floor(place / SEED_PROFILES.length);
  const status = statusOf(place);
  return {
    place,
    applicant: parseApplicant(syntheticPerson(holder)),
    profileId: SEED_PROFILES[place % SEED_PROFILES.length],
    ...(status && { status }),
  };
}

/** Number of the office, from 0. */
export function seedOffice(place: number): number {
  return Math.floor(place / OFFICE_CERTIFICATES);
}

function statusOf(place: number): SeedStatus | undefined {
  if (place % REVOKED_OF.every === REVOKED_OF.at)
    return { event: 'revoked', reason: REASONS[Math.floor(place / REVOKED_OF.every) % REASONS.length] };
  return place % HELD_OF.every === HELD_OF.at ? { event: 'held' } : undefined;
}
