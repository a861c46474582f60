import { newId } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import { parseApplicant } from '../applicant-input.ts';
import type { ApplicantInput } from '../applicant-input.ts';
import { APPLICATION_TRANSITIONS, originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import { DELIVERY_RULES } from '../deliveries.ts';
import { isVisibleTo } from '../decide-application.ts';
import type { FiledApplication } from '../file-application.ts';
import { fileApplication } from '../file-application.ts';
import type { Idempotency, IdempotencyStore } from '../idempotency.ts';
import { onceForKey } from '../idempotency.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { keepAnswers } from '../registers/ask-registers.ts';
import { consultOnFiling } from '../registers/check-application.ts';
import type { RegisterAnswer } from '../registers/register-answer-store.ts';
import type { RegistrationHouse } from '../registration-house.ts';
import type { ApplicationDraft, DraftContent, DraftStore } from './application-draft.ts';
import { visibleDraft } from './read-draft.ts';

export interface DraftHouse extends RegistrationHouse {
  drafts: DraftStore;
  idempotency: IdempotencyStore;
}

const { save, check, submit } = APPLICATION_TRANSITIONS;

/** Leads to no state: nothing of a draft is kept but its events. */
export const DISCARD = { roles: save.roles, event: 'discard-draft' } as const;

/** Keeps what a clerk has typed; nothing of it is checked. */
export async function startDraft(
  house: DraftHouse,
  officer: Officer,
  content: DraftContent,
  idempotency?: Idempotency,
): Promise<ApplicationDraft> {
  assertRole(officer, save.roles);
  const draft: ApplicationDraft = {
    id: newId(house.clock),
    officeId: officer.officeId,
    state: save.to,
    version: 1,
    content,
    savedBy: officer.id,
    savedAt: house.clock.now(),
  };
  return house.transactions.transaction(async (tx) => {
    const known = await onceForKey(house.idempotency, tx, officer, idempotency, draft.id, house.clock.now());
    const kept = known && (await house.drafts.lock(tx, known));
    if (kept) return kept;
    await house.drafts.insert(tx, draft);
    await record(house, tx, officer, save.event, draft);
    return draft;
  });
}

/** Replaces what has been typed; a draft that was checked has to be checked again. Throws RaError `application-changed`. */
export function saveDraft(
  house: DraftHouse,
  officer: Officer,
  { id, version, content }: { id: ApplicationId; version: number; content: DraftContent },
): Promise<ApplicationDraft> {
  assertRole(officer, save.roles);
  return house.transactions.transaction(async (tx) => {
    await lockDraft(house, tx, officer, id, version);
    return change(house, tx, officer, { id, version, content }, save);
  });
}

/** Asks the registers about a draft; throws RaError `draft-incomplete` and what is wrong with its names and numbers. */
export async function checkDraft(
  house: DraftHouse,
  officer: Officer,
  { id, version }: { id: ApplicationId; version: number },
): Promise<{ draft: ApplicationDraft; answers: RegisterAnswer[] }> {
  assertRole(officer, check.roles);
  const seen = await visibleDraft(house, officer, id);
  const applicant = parseApplicant(wholeApplicant(seen.content));
  // Over the network: not while the row is locked.
  const questioned = await consultOnFiling(house, actorOf(officer), { id, applicant });
  const draft = await house.transactions.transaction(async (tx) => {
    const { content } = await lockDraft(house, tx, officer, id, version);
    await keepAnswers(house, tx, questioned);
    return change(house, tx, officer, { id, version, content }, check);
  });
  return { draft, answers: questioned.asked.map(({ answer }) => answer) };
}

/** Files what the draft says, under its id. Throws RaError `draft-incomplete` and whatever filing throws; the draft stays then. */
export async function submitDraft(
  house: DraftHouse,
  officer: Officer,
  { id, version }: { id: ApplicationId; version: number },
): Promise<FiledApplication> {
  assertRole(officer, submit.roles);
  const { content } = await visibleDraft(house, officer, id);
  const { profile, delivery = 'request', certificationRequest } = content;
  if (profile === undefined) throw incomplete();
  if (DELIVERY_RULES[delivery].hasKey && certificationRequest === undefined) throw incomplete();
  const input = {
    profileId: profile,
    delivery,
    applicant: wholeApplicant(content),
    ...(certificationRequest !== undefined && { certificationRequest }),
  };
  return fileApplication(house, officer, input, {
    id,
    take: async (tx) => {
      await lockDraft(house, tx, officer, id, version);
      await house.drafts.remove(tx, id);
    },
  });
}

/** Forgets a draft. Throws RaError `application-unknown`, also for what is filed already, and `application-changed`. */
export async function discardDraft(
  house: DraftHouse,
  officer: Officer,
  { id, version }: { id: ApplicationId; version: number },
): Promise<void> {
  assertRole(officer, DISCARD.roles);
  await house.transactions.transaction(async (tx) => {
    const draft = await lockDraft(house, tx, officer, id, version);
    await house.drafts.remove(tx, id);
    await record(house, tx, officer, DISCARD.event, { ...draft, savedAt: house.clock.now() });
  });
}

async function lockDraft(
  { drafts }: DraftHouse,
  tx: Transaction,
  officer: Officer,
  id: ApplicationId,
  version: number,
): Promise<ApplicationDraft> {
  const draft = await drafts.lock(tx, id);
  if (!draft || !isVisibleTo(draft, officer)) throw new RaError('application-unknown', 'no such application');
  if (draft.version !== version)
    throw new RaError('application-changed', `version ${version} was seen, it is ${draft.version} now`);
  return draft;
}

async function change(
  house: DraftHouse,
  tx: Transaction,
  officer: Officer,
  { id, version, content }: Pick<ApplicationDraft, 'id' | 'version' | 'content'>,
  { to, event }: typeof save | typeof check,
): Promise<ApplicationDraft> {
  const draft: ApplicationDraft = {
    id,
    officeId: officer.officeId,
    state: to,
    version: version + 1,
    content,
    savedBy: officer.id,
    savedAt: house.clock.now(),
  };
  await house.drafts.update(tx, draft);
  await record(house, tx, officer, event, draft);
  return draft;
}

function wholeApplicant({ applicant = {} }: DraftContent): ApplicantInput {
  const { nationalId, givenName, surname, latinName, councilNumber: { group, digits } = {} } = applicant;
  if (!nationalId || !givenName || !surname || !latinName || !group || !digits) throw incomplete();
  return { nationalId, givenName, surname, latinName, councilNumber: { group, digits } };
}

function incomplete(): RaError {
  return new RaError('draft-incomplete', 'the draft says not everything yet');
}

function record(
  house: DraftHouse,
  tx: Transaction,
  officer: Officer,
  action: string,
  { id, version, savedAt }: ApplicationDraft,
): Promise<void> {
  return house.audit.record(tx, {
    at: savedAt,
    actor: actorOf(officer),
    action,
    outcome: 'accepted',
    subject: originOf(id),
    details: { version },
  });
}
