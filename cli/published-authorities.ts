import type { PublishedAuthority } from '../api/api-services.ts';
import { offersProfile } from '../ca/authority/offered-profiles.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import { nameText } from '../pki/name.ts';
import type { Hierarchy } from './open-authorities.ts';

/** What everybody may know of the authorities; profiles that a clerk may file for. */
export function publishedAuthorities(
  { records, certificates }: Hierarchy,
  profiles: Profiles,
): PublishedAuthority[] {
  return records.map((record) => {
    const { subject, notBefore, notAfter } = certificates.get(record.id)!;
    const isSucceeded = records.some(({ successorOf }) => successorOf === record.id);
    const offered = [...profiles.values()].filter(
      (profile) => !isSucceeded && offersProfile(record, profile),
    );
    return {
      id: record.id,
      ...(record.issuerId && { issuerId: record.issuerId }),
      assuranceLevel: record.assuranceLevel,
      certificate: record.certificate,
      subject: nameText(subject),
      notBefore,
      notAfter,
      profiles: offered
        .filter(({ purpose }) => purpose === 'signing' || purpose === 'authentication')
        .map(({ id }) => id),
    };
  });
}
