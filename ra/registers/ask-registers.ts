import { createHmac, randomBytes, randomUUID } from 'node:crypto';

import type { AuditActor } from '../../audit/audit-event.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import { judgeLookUp } from './judge-look-up.ts';
import type { Register, RegisterClaims, RegisterName, Registers } from './register.ts';
import type { RegisterAnswer, RegisterAnswerStore } from './register-answer-store.ts';

export interface RegisterHouse {
  registers: Registers;
  registerAnswers: RegisterAnswerStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

/** What is asked of some registers about one subject. */
export type Claims = Partial<RegisterClaims>;

/** Answers that are not kept yet. */
export interface AskedRegisters {
  actor: AuditActor;
  subject: string;
  asked: readonly { answer: RegisterAnswer; raw: Buffer | undefined }[];
}

/** Asks each register that is claimed something of, all at once, and keeps the evidence; resolves when it is durable. */
export async function askRegisters(
  house: RegisterHouse,
  actor: AuditActor,
  subject: string,
  claims: Claims,
): Promise<RegisterAnswer[]> {
  const questioned = await consultRegisters(house, actor, subject, claims);
  await house.transactions.transaction((tx) => keepAnswers(house, tx, questioned));
  return questioned.asked.map(({ answer }) => answer);
}

/** The same without keeping anything: for whoever does that with `keepAnswers` in a transaction of their own. */
export async function consultRegisters(
  house: Pick<RegisterHouse, 'registers' | 'clock'>,
  actor: AuditActor,
  subject: string,
  claims: Claims,
): Promise<AskedRegisters> {
  const names = Object.keys(claims) as RegisterName[];
  const asked = await Promise.all(names.map((name) => ask(house, actor, subject, name, claims[name]!)));
  return { actor, subject, asked };
}

/** Keeps the evidence of every answer, also of those that did not come, with one event. */
export async function keepAnswers(
  { registerAnswers, audit, clock }: Pick<RegisterHouse, 'registerAnswers' | 'audit' | 'clock'>,
  tx: Transaction,
  { actor, subject, asked }: AskedRegisters,
): Promise<void> {
  for (const { answer, raw } of asked) await registerAnswers.insert(tx, answer, raw);
  await audit.record(tx, {
    at: clock.now(),
    actor,
    action: 'check-registers',
    outcome: 'accepted',
    subject,
    details: Object.fromEntries(
      asked.flatMap(({ answer: { register, result, reason, id } }) => [
        [register, `${result} ${reason}`],
        [`${register}-evidence`, id],
      ]),
    ),
  });
}

/** What the evidence of a claim carries instead of it. */
export function claimHmac(salt: Buffer, claim: RegisterClaims[RegisterName]): Buffer {
  return hmac(salt, Buffer.from(canonicalJson(claim)));
}

async function ask<Name extends RegisterName>(
  { registers, clock }: Pick<RegisterHouse, 'registers' | 'clock'>,
  askedBy: AuditActor,
  subject: string,
  name: Name,
  claim: RegisterClaims[Name],
): Promise<{ answer: RegisterAnswer; raw: Buffer | undefined }> {
  const [requestId, salt, askedAt] = [randomUUID(), randomBytes(16), clock.now()];
  const register: Register<Name> = registers[name];
  const lookUp = await register.lookUp(claim, requestId);
  const { raw } = lookUp;
  const answer: RegisterAnswer = {
    ...judgeLookUp(name, claim, lookUp),
    id: newId(clock),
    subject,
    register: name,
    askedBy,
    askedAt,
    answeredAt: clock.now(),
    requestId,
    salt,
    claimHmac: claimHmac(salt, claim),
    ...(raw && { answerHmac: hmac(salt, raw) }),
  };
  return { answer, raw };
}

function hmac(salt: Buffer, octets: Buffer): Buffer {
  return createHmac('sha256', salt).update(octets).digest();
}
