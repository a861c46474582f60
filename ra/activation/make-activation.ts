import { randomBytes, randomInt } from 'node:crypto';

import type { AuditActor } from '../../audit/audit-event.ts';
import { newId } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import { originOf } from '../application.ts';
import type { Application } from '../application.ts';
import type { HolderContact, HolderId } from '../holders/holder.ts';
import type { NewMessage } from '../messages/message.ts';
import { queueMessage, sealMessage } from '../messages/queue-message.ts';
import type { OfficerId } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { ACTIVATION_SECONDS, ACTIVATION_STEPS } from './activation.ts';
import type { Activation, CodeChannel } from './activation.ts';
import type { ActivationHouse } from './activation-house.ts';

const CODE_DIGITS = 8;
const DESK_SECRET_OCTETS = 16;
/** A short message that takes longer has been asked for anew. */
const MESSAGE_SECONDS = 24 * 3600;

/** An activation whose secrets are hashed and whose message is sealed, so that nothing is waited for in the transaction. */
export interface PreparedActivation {
  activation: Activation;
  message?: NewMessage;
  /** For who asked, and for nobody again. */
  secrets: { deskSecret?: string; letterCode?: string };
}

export interface ActivationOrder {
  madeBy: OfficerId;
  /** Absent: where no number is known, none until a letter is printed. */
  channel?: CodeChannel;
  /** Whether the secret for the desk is made too, because somebody is there to show it. */
  withDeskSecret?: boolean;
}

/** Makes the secrets; throws RaError `contact-missing` where the code cannot go by short message. */
export async function prepareActivation(
  house: ActivationHouse,
  application: Application,
  { madeBy, channel, withDeskSecret = false }: ActivationOrder,
): Promise<PreparedActivation> {
  const code = channel && newCode();
  const deskSecret = withDeskSecret ? newDeskSecret() : undefined;
  const [codeHash, deskHash] = await Promise.all([
    code && house.secrets.hash(code),
    deskSecret && house.secrets.hash(deskSecret),
  ]);
  const madeAt = house.clock.now();
  const activation: Activation = {
    id: newId(house.clock),
    applicationId: application.id,
    ...(codeHash && { code: { ...codeHash, channel: channel! } }),
    ...(deskHash && { deskSecret: deskHash }),
    tries: 0,
    madeBy,
    madeAt,
    expiresAt: new Date(madeAt.getTime() + ACTIVATION_SECONDS * 1000),
  };
  return {
    activation,
    ...(channel === 'sms' && { message: await messageOf(house, application, activation, code!) }),
    secrets: { ...(deskSecret && { deskSecret }), ...(channel === 'letter' && { letterCode: code! }) },
  };
}

/** Of high entropy: whoever photographs the code of somebody else's QR code has one of two secrets, and nobody guesses it. */
export function newDeskSecret(): string {
  return randomBytes(DESK_SECRET_OCTETS).toString('base64url');
}

function newCode(): string {
  return String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
}

/** Writes a prepared activation down with its event and its message; the one before it loses its force. */
export async function keepActivation(
  house: ActivationHouse,
  tx: Transaction,
  { activation, message }: PreparedActivation,
  step: 'start' | 'code' | 'letter',
  actor: AuditActor,
): Promise<void> {
  const { id, applicationId, code, madeAt } = activation;
  await house.activations.insert(tx, activation);
  if (message) await queueMessage(house, tx, message);
  await house.audit.record(tx, {
    at: madeAt,
    actor,
    action: ACTIVATION_STEPS[step].event,
    outcome: 'accepted',
    subject: originOf(applicationId),
    details: {
      activation: id,
      number: await house.activations.count(tx, applicationId),
      channel: code?.channel ?? 'none',
    },
  });
}

/** The person's row, with where they are reached. */
export async function holderOf(
  { holders }: Pick<ActivationHouse, 'holders'>,
  { applicant }: Pick<Application, 'applicant'>,
): Promise<HolderContact & { id: HolderId }> {
  const holder = await holders.find(applicant.nationalId);
  if (!holder) throw new Error('an application without a holder');
  return { id: holder.id, ...(await holders.contactOf(holder.id)) };
}

async function messageOf(
  house: ActivationHouse,
  application: Application,
  { id }: Activation,
  code: string,
): Promise<NewMessage> {
  const { id: holderId, mobile } = await holderOf(house, application);
  if (mobile === undefined)
    throw new RaError('contact-missing', 'no mobile number of the holder is known: take it down first');
  return sealMessage(house, {
    holderId,
    channel: 'sms',
    kind: 'activation-code',
    onceKey: `activation:${id}`,
    text: {
      subject: '',
      text: `کد فعال‌سازی گواهی الکترونیکی شما: ${code}\nاین کد سی روز اعتبار دارد. آن را به هیچ‌کس نگویید مگر هنگام فعال‌سازی.`,
    },
    usefulSeconds: MESSAGE_SECONDS,
  });
}
