import { InsertedCard } from './inserted-card.ts';
import type { Cut } from './inserted-card.ts';

// A process of cards: a test that calls a PKCS#11 module stands still until the card has answered, so the card lives elsewhere.

export type CardOrder =
  | { id: number; kind: 'insert'; port: number; file: string }
  | { id: number; kind: 'pull'; port: number }
  | { id: number; kind: 'cut'; port: number; cut: Cut | undefined };

/** The answer to an order; the first one, with id 0, says that the host is ready. */
export interface CardNews {
  id: number;
  failure?: string;
}

const cards = new Map<number, InsertedCard>();

process.on('message', (order) => void answer(order as CardOrder));
process.once('disconnect', () => process.exit());
tell({ id: 0 });

async function answer(order: CardOrder): Promise<void> {
  try {
    await obey(order);
    tell({ id: order.id });
  } catch (error) {
    tell({ id: order.id, failure: (error as Error).message });
  }
}

async function obey(order: CardOrder): Promise<void> {
  const { port } = order;
  if (order.kind === 'insert') await insert(port, order.file);
  else if (order.kind === 'pull') cards.get(port)?.pull();
  else cards.get(port)?.cutAt(order.cut);
}

async function insert(port: number, file: string): Promise<void> {
  cards.set(port, await InsertedCard.insert({ port, file }));
}

function tell(news: CardNews): void {
  process.send!(news);
}
