import { randomInt } from 'node:crypto';

import { newId } from '../../core/ids.ts';
import type { Holder } from '../holders/holder.ts';
import { queueMessage, sealMessage } from '../messages/queue-message.ts';
import { nationalIdOf, subjectSha256 } from './prove-holder.ts';
import type { SecretHash } from './secret-hash.ts';
import { SELF_SERVICE } from './self-service-house.ts';
import type { SelfServiceHouse } from './self-service-house.ts';
import type { CodeId, CodePurpose } from './self-service-store.ts';

/** Short messages take their time at night; five tries at a million codes are few. */
export const CODE_SECONDS = 600;
const CODE_DIGITS = 6;

/** Short messages to one person a day. */
export const CODES_MAX = 5;
const DAY_SECONDS = 24 * 3600;

const MEANINGS: Readonly<Record<CodePurpose, string>> = {
  block: 'برای تعلیق گواهی الکترونیکی شما',
  'set-password': 'برای تعیین رمز ابطال گواهی الکترونیکی شما',
};

/**
 * Sends a one-time code to the mobile number of the person, if there is one. Resolves in the same way, after the same work, for
 * whoever is nobody here.
 */
export async function requestCode(
  house: SelfServiceHouse,
  claimed: string,
  purpose: CodePurpose,
): Promise<void> {
  const now = house.clock.now();
  const windowEndsAt = new Date(now.getTime() + DAY_SECONDS * 1000);
  const asked = await house.transactions.transaction((tx) =>
    house.selfService.countTry(tx, subjectSha256(claimed), 'code-request', now, windowEndsAt),
  );
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
  const hash = await house.secrets.hash(code);
  const nationalId = nationalIdOf(claimed);
  const holder = nationalId && (await house.holders.find(nationalId));
  if (holder && asked <= CODES_MAX) await sendCode(house, holder, purpose, code, hash);
}

async function sendCode(
  house: SelfServiceHouse,
  { id: holderId }: Holder,
  purpose: CodePurpose,
  code: string,
  hash: SecretHash,
): Promise<void> {
  const id: CodeId = newId(house.clock);
  const madeAt = house.clock.now();
  const message = await sealMessage(house, {
    holderId,
    channel: 'sms',
    kind: `code-${purpose}`,
    onceKey: `code:${id}`,
    text: {
      subject: '',
      text: `کد یک‌بارمصرف ${MEANINGS[purpose]}: ${code}\nاین کد ده دقیقه اعتبار دارد. آن را به هیچ‌کس نگویید.`,
    },
    usefulSeconds: CODE_SECONDS,
  });
  await house.transactions.transaction(async (tx) => {
    const expiresAt = new Date(madeAt.getTime() + CODE_SECONDS * 1000);
    await house.selfService.insertCode(tx, { id, holderId, purpose, ...hash, madeAt, expiresAt });
    await queueMessage(house, tx, message);
    await house.audit.record(tx, {
      at: madeAt,
      actor: SELF_SERVICE,
      action: 'send-code',
      outcome: 'accepted',
      subject: `holder:${holderId}`,
      details: { purpose, message: message.id },
    });
  });
  house.onQueued();
}
