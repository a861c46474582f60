import type { Profiles } from '../../ca/load-profiles.ts';
import type { Signer } from '../../keys/signer.ts';
import { sameName } from '../../pki/name.ts';
import { CARD_PURPOSES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import type { Hierarchy } from '../open-authorities.ts';

/** What of a deployment personalising asks for, beside its stores. */
export function cardDesk(options: {
  hierarchy: Hierarchy;
  profiles: Profiles;
  consoleUrl: string;
  ticketSigner: () => Promise<Signer>;
}): Pick<PersonalisationHouse, 'chainOf' | 'cardPurposeOf' | 'consoleUrl' | 'ticketSigner'> {
  const { hierarchy, profiles, consoleUrl, ticketSigner } = options;
  return {
    ticketSigner,
    consoleUrl: new URL(consoleUrl).origin,
    chainOf: (authorityId) => {
      const authority = hierarchy.issuing.get(authorityId);
      const above = authority ? [authority.certificate, ...authority.chain] : [];
      // Whoever trusts the root has it.
      return above.filter(({ subject, issuer }) => !sameName(subject, issuer)).map(({ bytes }) => bytes);
    },
    cardPurposeOf: (profileId) => {
      const profile = profiles.get(profileId);
      if (profile?.keyStorage !== 'card') return undefined;
      return CARD_PURPOSES.find((purpose) => purpose === profile.purpose);
    },
  };
}
