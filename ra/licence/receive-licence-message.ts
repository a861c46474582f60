import { createHash } from 'node:crypto';

import type { Transaction } from '../../core/transaction.ts';
import { RaError } from '../ra-error.ts';
import { COUNCIL } from './licence-house.ts';
import type { LicenceHouse } from './licence-house.ts';
import { LICENCE_MESSAGE_OCTETS_MAX, parseLicenceMessage } from './licence-message.ts';
import type { LicenceMessage } from './licence-message.ts';
import type {
  LicenceHolder,
  LicenceRefusal,
  NewLicenceMessage,
  StoredLicenceMessage,
} from './licence-store.ts';
import { processHolder } from './process-licence-messages.ts';

export interface LicenceDelivery {
  /** The octets that are signed. */
  body: Buffer;
  /** Detached JWS. */
  signature: string | undefined;
  receivedBy: NewLicenceMessage['receivedBy'];
}

/** What the sender is told. `expectedSequence`: the message waits for this one, which has not come yet. */
export type LicenceReceipt = StoredLicenceMessage & { expectedSequence?: number };

/** What was signed longer ago, or so far ahead, is not let in by the webhook; it can be signed again. */
const SIGNATURE_AGE_SECONDS_MAX = 300;

/** Messages of one holder that may be on their way at once. */
export const SEQUENCE_AHEAD_MAX = 100;

/**
 * Takes one message in: durable with its event before it is answered, then applied if its turn has come. The same message is
 * answered with what became of it, however often it comes. Throws RaError `message-signature-invalid`,
 * `message-signature-stale`, `licence-message-malformed` or `message-id-reused`; other refusals stand in the receipt.
 */
export async function receiveLicenceMessage(
  house: LicenceHouse,
  delivery: LicenceDelivery,
): Promise<LicenceReceipt> {
  const signature = await assertSigned(house, delivery);
  const message = await parse(house, delivery.body);
  const received = { ...message, ...delivery, signature, bodySha256: sha256(delivery.body) };
  const stored = await house.transactions.transaction((tx) => accept(house, tx, received));
  if (!stored.bodySha256.equals(received.bodySha256))
    throw new RaError('message-id-reused', 'another message has had this id');
  if (stored.state === 'waiting') await tryToApply(house, message);
  return readReceipt(house, message);
}

async function assertSigned(house: LicenceHouse, delivery: LicenceDelivery): Promise<string> {
  const { body, signature, receivedBy } = delivery;
  const verified = await house.licenceMessages.verify(body, signature);
  if (!verified || signature === undefined)
    throw new RaError('message-signature-invalid', 'the Medical Council has not signed this');
  // The feed keeps messages as they were signed; there, the cursor keeps old ones out.
  if (receivedBy === 'feed') return signature;
  const age = (house.clock.now().getTime() - (verified.signedAt?.getTime() ?? 0)) / 1000;
  if (Math.abs(age) > SIGNATURE_AGE_SECONDS_MAX)
    throw new RaError(
      'message-signature-stale',
      `iat is not within ${SIGNATURE_AGE_SECONDS_MAX} seconds of now`,
    );
  return signature;
}

/** What the Council has signed and nobody can read is its action, refused: the log has it. */
async function parse(house: LicenceHouse, body: Buffer): Promise<LicenceMessage> {
  try {
    if (body.length <= LICENCE_MESSAGE_OCTETS_MAX) return parseLicenceMessage(body);
    const detail = `it has ${body.length} octets; allowed are ${LICENCE_MESSAGE_OCTETS_MAX}`;
    throw new RaError('licence-message-malformed', detail);
  } catch (error) {
    if (!(error instanceof RaError)) throw error;
    const subject = `licence-message:sha256-${sha256(body).toString('hex').slice(0, 32)}`;
    await house.transactions.transaction((tx) => record(house, tx, subject, {}, error.code));
    throw error;
  }
}

async function accept(
  house: LicenceHouse,
  tx: Transaction,
  message: Omit<NewLicenceMessage, 'receivedAt'>,
): Promise<StoredLicenceMessage> {
  const now = house.clock.now();
  // Two deliveries about one holder come one after the other from here on.
  const holder = await house.licences.lockHolder(tx, message, now);
  const known = await house.licences.findMessage(tx, message.messageId);
  if (known) return sameOrReused(house, tx, known, message);
  const refusal = await refusalOf(house, tx, holder, message);
  const isNew = await house.licences.insertMessage(tx, {
    ...message,
    receivedAt: now,
    ...(refusal && { refusal }),
  });
  const stored = await house.licences.findMessage(tx, message.messageId);
  if (!stored) throw new Error('a message that was stored is not there');
  // Somebody has used the id for another holder at this very moment.
  if (!isNew) return sameOrReused(house, tx, stored, message);
  const { event, sequence, receivedBy } = message;
  await record(house, tx, subjectOf(message), { event, sequence, receivedBy }, refusal);
  return stored;
}

async function sameOrReused(
  house: LicenceHouse,
  tx: Transaction,
  known: StoredLicenceMessage,
  message: Omit<NewLicenceMessage, 'receivedAt'>,
): Promise<StoredLicenceMessage> {
  if (!known.bodySha256.equals(message.bodySha256)) {
    const { event, sequence, receivedBy } = message;
    await record(house, tx, subjectOf(message), { event, sequence, receivedBy }, 'message-id-reused');
  }
  return known;
}

async function refusalOf(
  { licences }: LicenceHouse,
  tx: Transaction,
  holder: LicenceHolder,
  { nationalId, councilNumber, sequence }: LicenceMessage,
): Promise<LicenceRefusal | undefined> {
  if (holder.nationalId !== nationalId) return 'holder-mismatch';
  if (sequence <= holder.lastSequence) return 'sequence-used';
  if (sequence > holder.lastSequence + SEQUENCE_AHEAD_MAX) return 'sequence-too-far';
  return (await licences.messageAt(tx, councilNumber, sequence)) ? 'sequence-used' : undefined;
}

/** The message is durable: what fails now is tried again by the pulse, and the sender need not send it again. */
async function tryToApply(house: LicenceHouse, message: LicenceMessage): Promise<void> {
  try {
    await processHolder(house, message);
  } catch (error) {
    house.onLicenceFailure(error);
  }
}

function readReceipt(house: LicenceHouse, message: LicenceMessage): Promise<LicenceReceipt> {
  return house.transactions.transaction(async (tx) => {
    const stored = await house.licences.findMessage(tx, message.messageId);
    if (!stored) throw new Error('a message that was stored is not there');
    if (stored.state !== 'waiting') return stored;
    const { lastSequence } = await house.licences.lockHolder(tx, message, house.clock.now());
    return lastSequence + 1 === stored.sequence ? stored : { ...stored, expectedSequence: lastSequence + 1 };
  });
}

async function record(
  house: LicenceHouse,
  tx: Transaction,
  subject: string,
  details: Record<string, string | number>,
  refusalCode?: string,
): Promise<void> {
  await house.audit.record(tx, {
    at: house.clock.now(),
    actor: COUNCIL,
    action: 'receive-licence-message',
    outcome: refusalCode ? 'refused' : 'accepted',
    subject,
    ...(refusalCode && { refusalCode }),
    details,
  });
}

function subjectOf({ messageId }: Pick<LicenceMessage, 'messageId'>): string {
  return `licence-message:${messageId}`;
}

function sha256(octets: Buffer): Buffer {
  return createHash('sha256').update(octets).digest();
}
