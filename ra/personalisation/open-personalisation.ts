import { newId } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import { originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import type { Card } from '../cards/card.ts';
import { moveCard } from '../cards/move-card.ts';
import { visibleCard } from '../cards/visible-card.ts';
import type { ApplicationDraft } from '../drafts/application-draft.ts';
import { visibleDraft } from '../drafts/read-draft.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { PERSONALISING_ROLES } from './personalisation.ts';
import type { CardKeyType, Personalisation } from './personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';

export interface OpenPersonalisationInput {
  /** Of the draft. */
  applicationId: ApplicationId;
  cardSerial: string;
  keyType: CardKeyType;
}

/**
 * Takes a card out of the office's stock for a draft; a second pair of keys goes onto the card that the same holder has. Asked
 * again for the same card, it is the same personalisation; `isNew` tells. Throws RaError `personalisation-profile`,
 * `personalisation-open` (another card is under way for this case), `card-unknown` or `card-state`.
 */
export async function openPersonalisation(
  house: PersonalisationHouse,
  officer: Officer,
  { applicationId, cardSerial, keyType }: OpenPersonalisationInput,
): Promise<{ personalisation: Personalisation; isNew: boolean }> {
  assertRole(officer, PERSONALISING_ROLES);
  const known = await house.personalisations.ofApplication(applicationId);
  if (known) return { personalisation: await sameCard(house, officer, known, cardSerial), isNew: false };
  const draft = await visibleDraft(house, officer, applicationId);
  const purpose = house.cardPurposeOf(draft.content.profile ?? '');
  if (!purpose || draft.content.delivery !== 'card')
    throw new RaError('personalisation-profile', 'this is not a case whose key is made on a card');
  const personalisation = await house.transactions.transaction(async (tx) => {
    const card = visibleCard(await house.cards.lockBySerial(tx, cardSerial), officer);
    await takeCard(house, tx, officer, card, draft);
    const at = house.clock.now();
    const opened: Personalisation = {
      id: newId(house.clock),
      applicationId,
      cardId: card.id,
      officeId: officer.officeId,
      keyType,
      purpose,
      state: 'open',
      version: 1,
      openedBy: officer.id,
      openedAt: at,
      changedAt: at,
    };
    if (!(await house.personalisations.insert(tx, opened)))
      throw new RaError('personalisation-open', 'another card is being personalised for this case');
    await house.audit.record(tx, {
      at,
      actor: actorOf(officer),
      action: 'open-personalisation',
      outcome: 'accepted',
      subject: originOf(applicationId),
      details: { personalisation: opened.id, card: card.id, keyType, purpose },
    });
    return opened;
  });
  return { personalisation, isNew: true };
}

async function sameCard(
  house: PersonalisationHouse,
  officer: Officer,
  known: Personalisation,
  cardSerial: string,
): Promise<Personalisation> {
  const card = visibleCard(await house.cards.find(known.cardId), officer);
  if (card.serial === cardSerial) return known;
  throw new RaError('personalisation-open', `the card ${card.serial} is being personalised for this case`);
}

/** From the stock; or the card that has another pair of the same holder, and stays as it is. */
async function takeCard(
  house: PersonalisationHouse,
  tx: Transaction,
  officer: Officer,
  card: Card,
  { id, content }: ApplicationDraft,
): Promise<void> {
  const others = await house.personalisations.othersOnCard(tx, card.id, id);
  const isHolders =
    others.length > 0 && others.every(({ nationalId }) => nationalId === content.applicant?.nationalId);
  if (isHolders && (card.state === 'personalised' || card.state === 'handed-over')) return;
  await moveCard(house, tx, actorOf(officer), card, 'reserve', { applicationId: id });
}
