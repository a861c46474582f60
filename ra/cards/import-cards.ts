import { createHash } from 'node:crypto';

import { newId } from '../../core/ids.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { CARD_IMPORT_ROLES } from './card.ts';
import type { Card, CardBatch } from './card.ts';
import type { CardHouse } from './card-house.ts';
import { readCardList } from './read-card-list.ts';
import type { CardListFormat } from './read-card-list.ts';

export interface CardDelivery {
  reference: string;
  cardType: string;
  list: string;
  format: CardListFormat;
}

/**
 * Takes a delivery in, all of it or nothing. The same list under the same reference is one delivery, however often it is sent;
 * `isNew` tells. Throws RaError `card-list-malformed`, `card-batch-differs` for another list under a known reference, and
 * `card-known` for a serial that came before.
 */
export async function importCards(
  house: Pick<CardHouse, 'cards' | 'audit' | 'transactions' | 'clock'>,
  officer: Officer,
  { reference, cardType, list, format }: CardDelivery,
): Promise<{ batch: CardBatch; isNew: boolean }> {
  assertRole(officer, CARD_IMPORT_ROLES);
  const serials = readCardList(list, format);
  const now = house.clock.now();
  const batch: CardBatch = {
    id: newId(house.clock),
    reference,
    cardType,
    cards: serials.length,
    listSha256: createHash('sha256').update(serials.join('\n')).digest(),
    importedBy: officer.id,
    importedAt: now,
  };
  const cards = serials.map((serial): Card => ({
    id: newId(house.clock),
    serial,
    batchId: batch.id,
    cardType,
    state: 'received',
    version: 1,
    changedAt: now,
  }));
  return house.transactions.transaction(async (tx) => {
    const known = await house.cards.insertBatch(tx, batch);
    if (known) return { batch: sameDelivery(known, batch), isNew: false };
    const [earlier] = await house.cards.insertAll(tx, cards);
    if (earlier !== undefined)
      throw new RaError('card-known', `the card ${earlier} came with another delivery`);
    await house.audit.record(tx, {
      at: now,
      actor: actorOf(officer),
      action: 'import-cards',
      outcome: 'accepted',
      subject: `card-batch:${batch.id}`,
      details: { cards: batch.cards, cardType, listSha256: batch.listSha256.toString('hex') },
    });
    return { batch, isNew: true };
  });
}

function sameDelivery(known: CardBatch, sent: CardBatch): CardBatch {
  if (known.listSha256.equals(sent.listSha256) && known.cardType === sent.cardType) return known;
  throw new RaError('card-batch-differs', `the delivery ${sent.reference} came before with another list`);
}
