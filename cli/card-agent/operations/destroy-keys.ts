import { destroyCardKeys } from '../../../keys/card/card-keys.ts';
import { withPin } from '../card-work.ts';
import type { CardWork } from '../card-work.ts';
import type { CardOrder } from '../operation-inputs.ts';

type Order = Extract<CardOrder, { operation: 'destroy-keys' }>;

/** Rolls a personalisation back: keys and certificates of the purposes go, those of a cut attempt as well. */
export async function destroyKeys(
  work: CardWork,
  { operation, cardSerial, purposes }: Order,
): Promise<object> {
  const destroyed = await withPin(work, { operation, cardSerial, mayRecall: true }, async (card) =>
    destroyCardKeys(card, purposes),
  );
  work.journal.note({ kind: 'keys-destroyed', cardSerial });
  return { destroyed };
}
