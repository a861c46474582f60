import type { Transaction } from '../../core/transaction.ts';
import { followLicence } from './follow-licence.ts';
import { COUNCIL_ORDER } from './holder-certificates.ts';
import type { HolderCertificate } from './holder-certificates.ts';
import { NEXT_STANDING } from './licence-event.ts';
import type { LicenceStanding } from './licence-event.ts';
import { COUNCIL } from './licence-house.ts';
import type { LicenceHouse } from './licence-house.ts';
import type { LicenceHolder, LicenceOutcome, LicenceRefusal, StoredLicenceMessage } from './licence-store.ts';

type HolderKey = Pick<LicenceHolder, 'councilNumber' | 'nationalId'>;

/** Holders in one round; the next round takes the others. */
const HOLDERS_MAX = 100;

/**
 * Applies what is waiting, holder by holder, each in the order of its sequence numbers; returns how many messages were settled.
 * What fails for one holder is reported and postponed, and the others go on; rejects when the inbox cannot be read.
 */
export async function processLicenceMessages(house: LicenceHouse): Promise<number> {
  const due = await house.licences.dueHolders(house.clock.now(), HOLDERS_MAX);
  let settled = 0;
  for (const holder of due) {
    try {
      settled += await processHolder(house, holder);
    } catch (error) {
      house.onLicenceFailure(error);
    }
  }
  return settled;
}

/** Applies the messages of one holder whose turn has come; resolves to their number when OCSP shows what they did. */
export async function processHolder(house: LicenceHouse, holder: HolderKey): Promise<number> {
  let settled = 0;
  let failing: StoredLicenceMessage | undefined;
  try {
    while (
      await house.transactions.transaction(async (tx) => {
        failing = await nextOf(house, tx, holder);
        if (failing) await apply(house, tx, failing);
        return failing !== undefined;
      })
    )
      settled += 1;
  } catch (error) {
    if (failing) await postpone(house, failing);
    throw error;
  }
  if (settled > 0) await house.holderStatus.whenVisible();
  return settled;
}

async function nextOf(
  { licences, clock }: LicenceHouse,
  tx: Transaction,
  key: HolderKey,
): Promise<StoredLicenceMessage | undefined> {
  const { lastSequence } = await licences.lockHolder(tx, key, clock.now());
  const next = await licences.messageAt(tx, key.councilNumber, lastSequence + 1);
  return next?.state === 'waiting' ? next : undefined;
}

/** Standing, certificates, message and events change in one transaction: after a crash it was all of it or nothing. */
async function apply(house: LicenceHouse, tx: Transaction, message: StoredLicenceMessage): Promise<void> {
  const { licences, clock } = house;
  const now = clock.now();
  const holder = await licences.lockHolder(tx, message, now);
  const consumed = { ...holder, lastSequence: message.sequence };
  const standing = NEXT_STANDING[holder.standing][message.event];
  const certificates = standing ? await certificatesOf(house, tx, message, standing) : [];
  const refusal: LicenceRefusal | undefined = !standing
    ? 'holder-deceased'
    : certificates.some(({ nationalId }) => nationalId !== message.nationalId)
      ? 'holder-mismatch'
      : undefined;
  if (refusal || !standing) {
    await licences.updateHolder(tx, consumed, now);
    await licences.settle(tx, message.messageId, { refusal: refusal! }, now);
    return recordResult(house, tx, message, { refusalCode: refusal! });
  }
  const outcome = await changeAll(house, tx, message, standing, certificates);
  await licences.updateHolder(tx, { ...consumed, standing, lastMessageId: message.messageId }, now);
  await licences.settle(tx, message.messageId, { outcome }, now);
  return recordResult(house, tx, message, { standing, ...outcome });
}

/** A death ends everything of the person, whatever number it was issued under. */
function certificatesOf(
  { holderCertificates, clock }: LicenceHouse,
  tx: Transaction,
  { councilNumber, nationalId }: StoredLicenceMessage,
  standing: LicenceStanding,
): Promise<HolderCertificate[]> {
  if (standing === 'deceased') return holderCertificates.ofPerson(tx, nationalId, clock.now());
  return holderCertificates.ofCouncilNumber(tx, councilNumber, clock.now());
}

async function changeAll(
  house: LicenceHouse,
  tx: Transaction,
  { messageId }: StoredLicenceMessage,
  standing: LicenceStanding,
  certificates: readonly HolderCertificate[],
): Promise<LicenceOutcome> {
  const outcome: LicenceOutcome = { held: 0, released: 0, revoked: 0, unchanged: 0 };
  for (const certificate of certificates) {
    const requestedBy = `${COUNCIL_ORDER}${messageId}`;
    outcome[await followLicence(house, tx, standing, certificate, requestedBy)] += 1;
  }
  return outcome;
}

async function postpone(
  { transactions, licences, clock }: LicenceHouse,
  { messageId }: StoredLicenceMessage,
) {
  // When not even this can be written, it is due again at once, which is no harm.
  await transactions
    .transaction((tx) => licences.postpone(tx, messageId, clock.now()))
    .catch(() => undefined);
}

async function recordResult(
  { audit, clock }: LicenceHouse,
  tx: Transaction,
  { messageId, event }: StoredLicenceMessage,
  result: { refusalCode: string } | ({ standing: string } & LicenceOutcome),
): Promise<void> {
  const isRefused = 'refusalCode' in result;
  await audit.record(tx, {
    at: clock.now(),
    actor: COUNCIL,
    action: 'apply-licence-message',
    outcome: isRefused ? 'refused' : 'accepted',
    subject: `licence-message:${messageId}`,
    ...(isRefused && { refusalCode: result.refusalCode }),
    details: isRefused ? { event } : { event, ...result },
  });
}
