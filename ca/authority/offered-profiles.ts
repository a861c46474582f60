import { addDuration, parseDuration } from '../../core/duration.ts';
import { CaError } from '../ca-error.ts';
import type { Profile } from '../profile.ts';
import type { Authority } from './authority.ts';

/**
 * Whether an authority issues under a profile: of its level, and on its list where it has one or the profile asks for it.
 * Every CA certifies its own responder.
 */
export function offersProfile(
  { assuranceLevel, profiles }: Pick<Authority, 'assuranceLevel' | 'profiles'>,
  { id, purpose, assuranceLevels, listedOnly = false }: Profile,
): boolean {
  if (!assuranceLevels.includes(assuranceLevel)) return false;
  if (purpose === 'ocsp-responder') return true;
  return profiles === undefined ? !listedOnly : profiles.includes(id);
}

/** Throws CaError `profile-not-offered`, which says what the authority has instead. */
export function assertOffered(authority: Authority, profile: Profile): void {
  if (offersProfile(authority, profile)) return;
  const offered = authority.profiles ? `offers ${authority.profiles.join(', ')} and` : 'has';
  const needed = profile.assuranceLevels.join(', ');
  throw new CaError(
    'profile-not-offered',
    `${authority.id} ${offered} level ${authority.assuranceLevel}, ${profile.id} needs ${needed}`,
  );
}

/**
 * The authority that new certificates of a profile come from: the newest generation that is valid now, is not among the
 * `ended` (revoked or held), and lasts as long as its certificate would. Where none lasts that long, the newest of the others,
 * whose issuer says why it refuses. Undefined when nobody offers it.
 */
export function newestOffering(
  authorities: Iterable<Authority>,
  profile: Profile,
  now: Date,
  ended: ReadonlySet<string> = new Set(),
): Authority | undefined {
  const offering = [...authorities].filter(
    (authority) => offersProfile(authority, profile) && isValidAt(authority, now) && !ended.has(authority.id),
  );
  const lasting = offering.filter((authority) => lastsFor(authority, profile, now));
  return newestOf(lasting) ?? newestOf(offering);
}

function newestOf(offering: readonly Authority[]): Authority | undefined {
  const succeeded = new Set(offering.map(({ successorOf }) => successorOf));
  return offering.filter(({ id }) => !succeeded.has(id)).sort(newestFirst)[0];
}

function isValidAt({ certificate }: Authority, now: Date): boolean {
  return certificate.notBefore <= now && now <= certificate.notAfter;
}

/** Shell model: a leaf ends no later than its issuer. To the second as `buildTbsCertificate` counts, notBefore set back included. */
function lastsFor({ certificate }: Authority, { validity, backdateSeconds }: Profile, now: Date): boolean {
  const notBefore = new Date(now.getTime() - backdateSeconds * 1000);
  return addDuration(notBefore, parseDuration(validity)).getTime() - 1000 <= certificate.notAfter.getTime();
}

/** The id decides between certificates of one ceremony, so that every process gives the same answer. */
function newestFirst(a: Authority, b: Authority): number {
  return b.certificate.notBefore.getTime() - a.certificate.notBefore.getTime() || (a.id < b.id ? -1 : 1);
}
