import type { ApplicationId } from '../application.ts';
import { originOf } from '../application.ts';
import type { ApplicationStore } from '../application-store.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { askRegisters } from '../registers/ask-registers.ts';
import type { RegisterHouse } from '../registers/ask-registers.ts';
import type { RegisterAnswer } from '../registers/register-answer-store.ts';
import type { Holder, HolderContact, NewContact } from './holder.ts';
import type { HolderStore } from './holder-store.ts';
import { parseEmail, parseMobile } from './read-contact.ts';

export interface ContactHouse extends RegisterHouse {
  applications: ApplicationStore;
  holders: HolderStore;
}

/** Who takes down where a holder is reached. */
export const CONTACT_ROLES = ['clerk'] as const;

/**
 * Takes down a holder's mobile number, e-mail address or both with their application. A number counts only when Shahkar says that
 * it is the holder's; the evidence stays with the application, whatever it said. Throws RaError `register-no-match`,
 * `register-unavailable` and those of malformed input; then nothing is written down.
 */
export async function setContact(
  house: ContactHouse,
  officer: Officer,
  id: ApplicationId,
  input: HolderContact,
): Promise<HolderContact> {
  assertRole(officer, CONTACT_ROLES);
  const { applicant } = await readApplication(house, officer, id);
  const contacts = await contactsOf(house, officer, id, applicant.nationalId, input);
  const holder = await house.holders.find(applicant.nationalId);
  if (!holder) throw new Error('an application without a holder');
  await store(house, officer, id, holder, contacts);
  return house.holders.contactOf(holder.id);
}

async function contactsOf(
  house: ContactHouse,
  officer: Officer,
  id: ApplicationId,
  nationalId: Holder['nationalId'],
  input: HolderContact,
): Promise<NewContact[]> {
  const email = input.email === undefined ? undefined : parseEmail(input.email);
  const mobile = input.mobile === undefined ? undefined : parseMobile(input.mobile);
  if (mobile === undefined && email === undefined)
    throw new RaError('contact-empty', 'neither a mobile number nor an e-mail address was given');
  const contacts: NewContact[] = email === undefined ? [] : [{ kind: 'email', email }];
  if (mobile === undefined) return contacts;
  const claims = { shahkar: { nationalId, mobile } };
  const [answer] = await askRegisters(house, actorOf(officer), originOf(id), claims);
  return [...contacts, { kind: 'mobile', mobile, answerId: matching(answer).id }];
}

/** UNAVAILABLE is never a match. */
function matching(answer: RegisterAnswer): RegisterAnswer {
  if (answer.result === 'MATCH') return answer;
  if (answer.result === 'NO_MATCH')
    throw new RaError('register-no-match', `shahkar says otherwise: ${answer.reason}`);
  throw new RaError('register-unavailable', `shahkar could not answer (${answer.reason}): try again later`);
}

async function store(
  { transactions, holders, audit, clock }: ContactHouse,
  officer: Officer,
  id: ApplicationId,
  holder: Holder,
  contacts: readonly NewContact[],
): Promise<void> {
  const at = clock.now();
  await transactions.transaction(async (tx) => {
    for (const contact of contacts) await holders.setContact(tx, holder.id, contact, at);
    await audit.record(tx, {
      at,
      actor: actorOf(officer),
      action: 'set-contact',
      outcome: 'accepted',
      subject: `holder:${holder.id}`,
      details: { application: id, kinds: contacts.map(({ kind }) => kind).join(' ') },
    });
  });
}
