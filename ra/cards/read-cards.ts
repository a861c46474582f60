import { assertRole, seesAllOffices } from '../officer.ts';
import type { Officer } from '../officer.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import { CARD_IMPORT_ROLES, CARD_READ_ROLES } from './card.ts';
import type { Card, CardBatch, CardChange, CardId } from './card.ts';
import type { CardHouse } from './card-house.ts';
import type { CardCount, CardFilter } from './card-store.ts';
import { visibleCard } from './visible-card.ts';

type Reading = Pick<CardHouse, 'cards' | 'directory'>;

/** A card with what happened to it and the certificates whose keys it has. */
export interface CardFile {
  card: Card;
  changes: CardChange[];
  certificates: CertificateRecord[];
}

/** Newest first; of the officer's office, or of all for the CA's own staff. */
export function listCards(
  { cards }: Reading,
  officer: Officer,
  { officeId, ...filter }: CardFilter,
): Promise<Card[]> {
  assertRole(officer, CARD_READ_ROLES);
  const seen = seesAllOffices(officer) ? officeId : officer.officeId;
  return cards.list({ ...filter, ...(seen && { officeId: seen }) });
}

/** How many cards of each state there are, by office. */
export function countCards({ cards }: Reading, officer: Officer): Promise<CardCount[]> {
  assertRole(officer, CARD_READ_ROLES);
  return cards.counts(seesAllOffices(officer) ? undefined : officer.officeId);
}

export function listCardBatches({ cards }: Reading, officer: Officer): Promise<CardBatch[]> {
  assertRole(officer, CARD_BATCH_READ_ROLES);
  return cards.listBatches(BATCHES_MAX);
}

/** Deliveries are the CA's. */
export const CARD_BATCH_READ_ROLES = [...CARD_IMPORT_ROLES, 'security-officer', 'auditor'] as const;
const BATCHES_MAX = 200;

/** Throws RaError `card-unknown`. */
export async function readCard(
  { cards, directory }: Reading,
  officer: Officer,
  id: CardId,
): Promise<CardFile> {
  assertRole(officer, CARD_READ_ROLES);
  const card = visibleCard(await cards.find(id), officer);
  const bound = await cards.certificatesOf(id);
  const found = [];
  for (const { authorityId, serialNumber } of bound)
    found.push(await directory.find(authorityId, serialNumber));
  const certificates = found.filter((one) => one !== undefined);
  return { card, changes: await cards.changesOf(id), certificates };
}
