import { certificatesOf, writeCertificates } from '../../../keys/card/card-certificates.ts';
import { CardError } from '../../../keys/card/card-error.ts';
import { withPin } from '../card-work.ts';
import type { CardWork } from '../card-work.ts';
import type { CardOrder } from '../operation-inputs.ts';
import { sha256Hex } from './read-card.ts';

type Order = Extract<CardOrder, { operation: 'write-certificates' }>;

/** Writes a certificate and its chain, then asks the card anew what it has. Cut anywhere, the next call completes it. */
export async function writeCardCertificates(work: CardWork, order: Order): Promise<object> {
  const { operation, cardSerial, certificates } = order;
  await withPin(work, { operation, cardSerial, mayRecall: true }, async (card) => {
    work.step('write');
    writeCertificates(card, certificates);
  });
  work.step('read-back');
  const there = await work.desk.withCard(cardSerial, async (card) =>
    certificatesOf(card).map(({ certificate }) => sha256Hex(certificate.bytes)),
  );
  const readBack = certificates.map(({ bytes }) => sha256Hex(bytes));
  const missing = readBack.filter((digest) => !there.includes(digest));
  if (missing.length > 0)
    throw new CardError(
      'read-back-differs',
      `card ${cardSerial} does not give back ${missing.length} of ${readBack.length}`,
    );
  return { readBack };
}
