import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import { moveCard } from '../cards/move-card.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { findPersonalisation } from './find-personalisation.ts';
import { PERSONALISING_ROLES } from './personalisation.ts';
import type { Personalisation, PersonalisationId } from './personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';
import { takeStep } from './take-step.ts';

/**
 * Gives a personalisation up: a card that nobody has touched goes back into the stock, another one is spoiled, and a certificate
 * that was issued is revoked, because nobody has it. Resolves when OCSP shows it.
 */
export async function abandonPersonalisation(
  house: PersonalisationHouse,
  officer: Officer,
  id: PersonalisationId,
): Promise<Personalisation> {
  assertRole(officer, PERSONALISING_ROLES);
  await findPersonalisation(house, officer, id);
  return abandon(house, actorOf(officer), id);
}

/** The same for whoever does it. */
export async function abandon(
  house: PersonalisationHouse,
  actor: AuditActor,
  id: PersonalisationId,
): Promise<Personalisation> {
  const known = (await house.personalisations.find(id))!;
  const [certificate] = await house.directory.search({ applicationId: known.applicationId, limit: 1 });
  const abandoned = await takeStep(house, {
    id,
    step: 'abandon',
    actor,
    details: { from: known.state },
    also: async (tx, { cardId, applicationId }) => {
      await leaveCard(house, tx, actor, { ...known, cardId, applicationId });
      if (certificate) await revoke(house, tx, certificate, actor);
    },
  });
  if (certificate) await house.holderStatus.whenVisible();
  return abandoned;
}

/** A card with another pair of its holder stays theirs. */
async function leaveCard(
  house: PersonalisationHouse,
  tx: Transaction,
  actor: AuditActor,
  { cardId, applicationId, state }: Personalisation,
): Promise<void> {
  const others = await house.personalisations.othersOnCard(tx, cardId, applicationId);
  const card = (await house.cards.lock(tx, cardId))!;
  const isOurs = card.state === 'reserved' || card.state === 'personalised';
  if (others.length > 0 || !isOurs) return;
  await moveCard(house, tx, actor, card, state === 'open' ? 'release' : 'spoil', { applicationId });
}

async function revoke(
  { holderStatus }: PersonalisationHouse,
  tx: Transaction,
  { authorityId, serialNumber }: CertificateRecord,
  actor: AuditActor,
): Promise<void> {
  const last = (await holderStatus.lockHistory(tx, authorityId, serialNumber)).at(-1);
  if (last?.event === 'revoked') return;
  const requestedBy = actor.kind === 'officer' ? `officer:${actor.id}` : actor.id;
  const request = { authorityId, serialNumber, event: 'revoked', reason: 'cessationOfOperation' } as const;
  await holderStatus.changeStatusIn(tx, { ...request, requestedBy }, actor);
}
