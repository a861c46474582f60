import { certificatesOf } from '../../../keys/card/card-certificates.ts';
import { CardError } from '../../../keys/card/card-error.ts';
import { destroyCardKeys, keysOf, makeCardKey } from '../../../keys/card/card-keys.ts';
import type { CardKey } from '../../../keys/card/card-keys.ts';
import { cardSigner } from '../../../keys/card/card-signer.ts';
import type { OpenCard } from '../../../keys/card/open-card.ts';
import { makeCertificationRequest } from '../../../keys/make-certification-request.ts';
import { AT } from '../../../pki/oid.ts';
import { withPin } from '../card-work.ts';
import type { CardWork } from '../card-work.ts';
import { keyDigest } from '../journal.ts';
import type { CardOrder } from '../operation-inputs.ts';

type Order = Extract<CardOrder, { operation: 'make-key' }>;

/**
 * Makes a key on the card and has it sign its request. Cut anywhere, the next call ends in the same state: a key that was
 * made here, is whole and has no certificate is asked for its request again; anything less is cleared and made anew.
 */
export function makeKey(work: CardWork, order: Order): Promise<object> {
  const { operation, cardSerial } = order;
  return withPin(work, { operation, cardSerial, mayRecall: true }, async (card, pin) => {
    work.step('key');
    const { key, alwaysAuthenticate } = keptKey(work, card, order) ?? (await newKey(work, card, order));
    work.step('request');
    // The names are the application's: what a card would say of its holder, nobody believes.
    const subject = [{ type: AT.commonName, value: `card ${cardSerial}` }];
    const request = await makeCertificationRequest(cardSigner(card, key, pin), subject);
    return {
      certificationRequest: request.toString('base64'),
      subjectPublicKeyInfo: key.subjectPublicKeyInfo.toString('base64'),
      keyId: key.id.toString('hex'),
      alwaysAuthenticate,
    };
  });
}

interface Made {
  key: CardKey;
  alwaysAuthenticate: boolean;
}

function keptKey({ journal }: CardWork, card: OpenCard, { purpose, keyType }: Order): Made | undefined {
  const keys = keysOf(card).filter((key) => key.purpose === purpose);
  const certificates = certificatesOf(card);
  if (keys.some(({ id }) => certificates.some((one) => one.id.equals(id))))
    throw new CardError('key-exists', `card ${card.token.serial} has a certified key for ${purpose} already`);
  const [key, ...others] = keys;
  if (!key || others.length > 0 || key.keyType !== keyType) return undefined;
  const note = journal.madeKey(card.token.serial, key.subjectPublicKeyInfo);
  return note && { key, alwaysAuthenticate: note.alwaysAuthenticate };
}

async function newKey({ journal }: CardWork, card: OpenCard, { purpose, keyType }: Order): Promise<Made> {
  const cardSerial = card.token.serial;
  destroyCardKeys(card, [purpose]);
  const key = await makeCardKey(card, { purpose, keyType });
  const { alwaysAuthenticate } = key;
  const digest = keyDigest(key.subjectPublicKeyInfo);
  journal.note({ kind: 'key-made', cardSerial, purpose, key: digest, alwaysAuthenticate });
  return { key, alwaysAuthenticate };
}
