import { DomainError } from '../../core/errors.ts';
import { RaError } from '../ra-error.ts';
import { COUNCIL } from './licence-house.ts';
import type { LicenceHouse } from './licence-house.ts';
import { receiveLicenceMessage } from './receive-licence-message.ts';

/** Messages of the feed in their order, as they were signed. */
export interface LicenceFeedPage {
  items: { body: Buffer; signature: string }[];
  /** Where the next page begins: the `after` to ask with. */
  next: string;
}

export interface LicenceFeed {
  /** The messages after a cursor; rejects with a DomainError while the feed cannot be read. */
  read(after: string | undefined): Promise<LicenceFeedPage>;
}

/** Pages in one round; what is left waits for the next. */
const PAGES_MAX = 50;

/**
 * Reads what is new in the Council's feed. The cursor moves when all messages of a page are durable, so a crash makes us read
 * some twice and none never. What cannot be accepted is recorded and passed over: should it be missing in a holder's sequence,
 * the messages behind it wait. Returns how many were read.
 */
export async function pollLicenceFeed(house: LicenceHouse, feed: LicenceFeed): Promise<number> {
  let read = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const before = await house.licences.feedCursor();
    const { items, next } = await feed.read(before);
    for (const item of items) await receive(house, item);
    read += items.length;
    if (next === before || items.length === 0) return read;
    await house.transactions.transaction((tx) =>
      house.licences.moveFeedCursor(tx, before, next, house.clock.now()),
    );
  }
  return read;
}

async function receive(house: LicenceHouse, item: LicenceFeedPage['items'][number]): Promise<void> {
  try {
    await receiveLicenceMessage(house, { ...item, receivedBy: 'feed' });
  } catch (error) {
    if (!(error instanceof RaError)) throw error;
    house.onLicenceFailure(new DomainError(error.code, `a message of the feed was refused: ${error.detail}`));
    // The others are recorded where they are refused; this one comes from an address that we have chosen to trust.
    if (error.code === 'message-signature-invalid') await recordUnsigned(house);
  }
}

async function recordUnsigned({ transactions, audit, clock }: LicenceHouse): Promise<void> {
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: COUNCIL,
      action: 'receive-licence-message',
      outcome: 'refused',
      subject: 'licence-feed',
      refusalCode: 'message-signature-invalid',
      details: { receivedBy: 'feed' },
    }),
  );
}
