import { setTimeout as delay } from 'node:timers/promises';

import { InsertedCard } from './inserted-card.ts';
import type { Cut } from './inserted-card.ts';
import { PORT, ReaderDaemon } from './reader-daemon.ts';

// The process that pcscd and the cards live in: a test that calls a PKCS#11 module stands still until the card has answered.

export type CardOrder =
  | { kind: 'plug-in' }
  | { kind: 'unplug' }
  | { kind: 'insert'; slot: number; file: string }
  | { kind: 'pull'; slot: number }
  | { kind: 'cut'; slot: number; cut: Cut }
  | { kind: 'spare'; slot: number }
  | { kind: 'await-pulled'; slot: number };

/** The answer to an order; the first one, with id 0, says that the host is ready. */
export interface CardNews {
  id: number;
  failure?: string;
}

/** Many of pcscd's looks, every 400 ms. */
const SEEN_MILLISECONDS = 8000;
const AWAY_MILLISECONDS = 1500;

const daemon = new ReaderDaemon(process.argv[2]);
const cards = new Map<number, InsertedCard>();
const removals = new Map<number, Promise<void>>();

process.on('message', (message) => void answer(message as CardOrder & { id: number }));
process.once('disconnect', () => process.exit());
tell({ id: 0 });

async function answer(order: CardOrder & { id: number }): Promise<void> {
  try {
    await obey(order);
    tell({ id: order.id });
  } catch (error) {
    tell({ id: order.id, failure: (error as Error).message });
  }
}

async function obey(order: CardOrder): Promise<void> {
  switch (order.kind) {
    case 'plug-in':
      return daemon.start();
    case 'unplug':
      return unplug();
    case 'insert':
      return insert(order.slot, order.file);
    case 'pull':
      return pull(order.slot);
    case 'cut':
      removals.set(order.slot, removed(order.slot));
      return cards.get(order.slot)?.cutAt(order.cut);
    case 'spare':
      return cards.get(order.slot)?.cutAt(undefined);
    case 'await-pulled':
      return removals.get(order.slot);
  }
}

/**
 * A daemon that has just started takes a card that is there already for one that always was, and does not say that it came: such a card
 * is taken out and put in once more.
 */
async function insert(slot: number, file: string): Promise<void> {
  for (;;) {
    const seen = daemon.said(new RegExp(`Card inserted into .* 0${slot}$`)).then(() => true);
    const card = await InsertedCard.insert({ port: PORT + slot, file });
    cards.set(slot, card);
    if (await Promise.race([seen, delay(SEEN_MILLISECONDS, false)])) return;
    card.pull();
    await delay(AWAY_MILLISECONDS);
  }
}

async function pull(slot: number): Promise<void> {
  const gone = removed(slot);
  cards.get(slot)?.pull();
  await gone;
}

async function unplug(): Promise<void> {
  for (const card of cards.values()) card.pull();
  cards.clear();
  await daemon.stop();
}

/** pcscd looks every 400 ms; a card that is back before that was never away. */
function removed(slot: number): Promise<void> {
  return daemon.said(new RegExp(`Card Removed From .* 0${slot}$`));
}

function tell(news: CardNews): void {
  process.send!(news);
}
