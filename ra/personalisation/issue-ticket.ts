import { randomBytes } from 'node:crypto';

import type { AuditEvent } from '../../audit/audit-event.ts';
import { unreachable } from '../../core/errors.ts';
import { CARD_READ_ROLES } from '../cards/card.ts';
import type { Card, CardId } from '../cards/card.ts';
import { subjectOfCard } from '../cards/move-card.ts';
import { visibleCard } from '../cards/visible-card.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { receiptDisplay, receiptDocument, testDisplay, testDocument } from './card-documents.ts';
import { signTicket } from './card-ticket.ts';
import { certificateOfCase } from './certificate-of-case.ts';
import { findPersonalisation } from './find-personalisation.ts';
import { PERSONALISING_ROLES } from './personalisation.ts';
import type { Personalisation, PersonalisationId, PersonalisationState } from './personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';

/** What an agent may be told within a personalisation, and how far that has to be. */
export const PERSONALISATION_TICKETS = {
  'read-card': { operation: 'read-card', states: ['open', 'pin-set', 'key-made', 'written', 'tested'] },
  'set-pin': { operation: 'set-pin', states: ['open'] },
  // Again where nobody has heard of the first: the agent answers the same key's request.
  'make-key': { operation: 'make-key', states: ['pin-set', 'key-made'] },
  'write-certificates': { operation: 'write-certificates', states: ['key-made', 'written', 'tested'] },
  test: { operation: 'sign', states: ['written'] },
  receipt: { operation: 'sign', states: ['tested'] },
  'destroy-keys': {
    operation: 'destroy-keys',
    states: ['pin-set', 'key-made', 'written', 'tested', 'abandoned'],
  },
} as const satisfies Record<string, { operation: string; states: readonly PersonalisationState[] }>;
export type PersonalisationTicket = keyof typeof PERSONALISATION_TICKETS;

/** What an agent may be told of a card by itself. */
export const CARD_TICKETS = ['read-card', 'unblock-pin'] as const;
export type CardTicketKind = (typeof CARD_TICKETS)[number];

/** Whom a ticket is for. */
export interface TicketRequest {
  officer: Officer;
  sessionId: string;
  agentId: string;
}

/** A ticket to look which readers and cards there are. */
export function issueReadersTicket(house: PersonalisationHouse, request: TicketRequest): Promise<string> {
  assertRole(request.officer, CARD_READ_ROLES);
  return sign(house, request, {
    operation: 'list-readers',
    input: {},
    subject: `office:${request.officer.officeId}`,
  });
}

/** A ticket for a card of the officer's office; throws RaError `card-unknown`. */
export async function issueCardTicket(
  house: PersonalisationHouse,
  request: TicketRequest,
  { id, kind }: { id: CardId; kind: CardTicketKind },
): Promise<string> {
  assertRole(request.officer, PERSONALISING_ROLES);
  const card = visibleCard(await house.cards.find(id), request.officer);
  return sign(house, request, {
    operation: kind,
    input: { cardSerial: card.serial },
    subject: subjectOfCard(card),
  });
}

/**
 * A ticket for the next thing that the card has to do. Throws RaError `personalisation-state` where it does not follow,
 * `personalisation-not-issued` or `personalisation-key`.
 */
export async function issuePersonalisationTicket(
  house: PersonalisationHouse,
  request: TicketRequest,
  { id, kind }: { id: PersonalisationId; kind: PersonalisationTicket },
): Promise<string> {
  assertRole(request.officer, PERSONALISING_ROLES);
  const personalisation = await findPersonalisation(house, request.officer, id);
  const { operation, states }: { operation: string; states: readonly PersonalisationState[] } =
    PERSONALISATION_TICKETS[kind];
  if (!states.includes(personalisation.state))
    throw new RaError('personalisation-state', `${kind} does not follow ${personalisation.state}`);
  const card = (await house.cards.find(personalisation.cardId))!;
  const input = { cardSerial: card.serial, ...(await inputOf(house, personalisation, card, kind)) };
  const details = { personalisation: id, purpose: personalisation.purpose };
  return sign(house, request, { operation, input, subject: subjectOfCard(card), details });
}

async function inputOf(
  house: PersonalisationHouse,
  personalisation: Personalisation,
  card: Card,
  kind: PersonalisationTicket,
): Promise<object> {
  const { keyType, purpose } = personalisation;
  switch (kind) {
    case 'read-card':
    case 'set-pin':
      return {};
    case 'make-key':
      return { keyType, purpose };
    case 'destroy-keys':
      return { purposes: [purpose] };
    case 'write-certificates': {
      const { bytes, authorityId } = await certificateOfCase(house, personalisation);
      return { certificates: [bytes, ...house.chainOf(authorityId)].map((one) => one.toString('base64')) };
    }
    case 'test': {
      const challenged = await withChallenge(house, personalisation);
      return { purpose, content: base64(testDocument(challenged, card)), display: testDisplay(card) };
    }
    case 'receipt': {
      const { receipt, applicant } = await withReceipt(house, personalisation, card);
      return {
        purpose,
        content: base64(receipt),
        display: receiptDisplay(applicant, card),
        mimeType: 'application/json',
      };
    }
    default:
      return unreachable(kind);
  }
}

/** Made once: a ticket that was lost is asked for again, and a signature over the first one's document still counts. */
async function withChallenge(house: PersonalisationHouse, { id }: Personalisation): Promise<Personalisation> {
  return keepFact(house, id, (known) => (known.challenge ? undefined : { challenge: randomBytes(32) }));
}

async function withReceipt(house: PersonalisationHouse, personalisation: Personalisation, card: Card) {
  const certificate = await certificateOfCase(house, personalisation);
  const receivedAt = house.clock.now();
  const kept = await keepFact(house, personalisation.id, (known) =>
    known.receipt
      ? undefined
      : { receipt: receiptDocument({ personalisation: known, card, certificate, receivedAt }) },
  );
  return { receipt: kept.receipt!, applicant: certificate.applicant };
}

function keepFact(
  house: PersonalisationHouse,
  id: PersonalisationId,
  factOf: (known: Personalisation) => Partial<Personalisation> | undefined,
): Promise<Personalisation> {
  return house.transactions.transaction(async (tx) => {
    const known = (await house.personalisations.lock(tx, id))!;
    const fact = factOf(known);
    if (!fact) return known;
    const changed = { ...known, ...fact, version: known.version + 1, changedAt: house.clock.now() };
    await house.personalisations.update(tx, changed);
    return changed;
  });
}

async function sign(
  house: PersonalisationHouse,
  { officer, sessionId, agentId }: TicketRequest,
  order: { operation: string; input: object; subject: string; details?: AuditEvent['details'] },
): Promise<string> {
  const { operation, input, subject, details = {} } = order;
  const now = house.clock.now();
  const { jws, jti } = await signTicket(await house.ticketSigner(), {
    issuer: house.consoleUrl,
    now,
    ticket: { agentId, officerId: officer.id, sessionId, operation, input },
  });
  await house.transactions.transaction((tx) =>
    house.audit.record(tx, {
      at: now,
      actor: actorOf(officer),
      action: 'issue-card-ticket',
      outcome: 'accepted',
      subject,
      details: { ...details, operation, agent: agentId, ticket: jti },
    }),
  );
  return jws;
}

function base64(octets: Buffer): string {
  return octets.toString('base64');
}
