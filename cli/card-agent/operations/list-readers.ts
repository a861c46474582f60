import type { DeskReader } from '../../../keys/card/card-desk.ts';
import type { CardToken } from '../../../keys/card/card-slots.ts';
import type { CardWork } from '../card-work.ts';
import type { Journal } from '../journal.ts';

/** The readers and what is in them. */
export async function listReaders({ desk, journal }: CardWork): Promise<object> {
  const readers = await desk.readers();
  return { readers: readers.map((one) => readerResult(one, journal)) };
}

function readerResult({ number, reader, token }: DeskReader, journal: Journal): object {
  return { slot: number, reader, ...(token && { token: tokenResult(token, journal) }) };
}

/** A token as the console gets it. */
export function tokenResult(token: CardToken, journal: Journal): object {
  const { serial, label, model, manufacturer, type, pinPad, pinState } = token;
  const isOurs = pinState === 'unknown' && journal.isPinSet(serial);
  return {
    ...{ serial, label, model, manufacturer, pinPad },
    cardType: type?.name ?? 'unknown',
    pinState: isOurs ? 'set' : pinState,
  };
}
