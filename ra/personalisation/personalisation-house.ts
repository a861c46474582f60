import type { Signer } from '../../keys/signer.ts';
import type { CardHouse } from '../cards/card-house.ts';
import type { DraftHouse } from '../drafts/edit-draft.ts';
import type { EvidenceHouse } from '../evidence/evidence-house.ts';
import type { CardPurpose } from './personalisation.ts';
import type { PersonalisationStore } from './personalisation-store.ts';

/** What personalising cards works with. */
export interface PersonalisationHouse extends CardHouse {
  personalisations: PersonalisationStore;
  drafts: DraftHouse['drafts'];
  applications: DraftHouse['applications'];
  evidence: EvidenceHouse['evidence'];
  vault: EvidenceHouse['vault'];
  /** Signs tickets for agents: Ed25519. */
  ticketSigner(): Promise<Signer>;
  /** The console's address, which agents have pinned. */
  consoleUrl: string;
  /** Certificates (DER) of the authority and of those above it, without the root. */
  chainOf(authorityId: string): readonly Buffer[];
  /** What a profile's key is for when it lies on a card; undefined for other profiles. */
  cardPurposeOf(profileId: string): CardPurpose | undefined;
}
