import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { readSingleSigner } from '../../pki/cms/single-signer.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { encodePem } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { acceptIn } from '../acceptance/accept-application.ts';
import { moveCard } from '../cards/move-card.ts';
import type { CardAction } from '../cards/card.ts';
import { CARD_TRANSITIONS } from '../cards/card.ts';
import type { CardTransition } from '../cards/card.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import { keepPaper } from '../evidence/add-evidence.ts';
import { liftHold } from '../holds/lift-hold.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { testDocument } from './card-documents.ts';
import { certificateOfCase } from './certificate-of-case.ts';
import { findPersonalisation } from './find-personalisation.ts';
import { PERSONALISING_ROLES } from './personalisation.ts';
import type { Personalisation, PersonalisationId } from './personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';
import { takeStep } from './take-step.ts';

/** The holder has a PIN of their own on the card: set at the agent just now, or before for another pair. */
export async function reportPin(
  house: PersonalisationHouse,
  officer: Officer,
  id: PersonalisationId,
): Promise<Personalisation> {
  await begin(house, officer, id);
  return takeStep(house, { id, step: 'pin', actor: actorOf(officer) });
}

/**
 * The key is on the card: its request (PKCS#10, DER), signed on the card, goes into the draft. Reported again with the same key,
 * nothing changes. Throws PkiError of the request, RaError `personalisation-key` for another key than before, and
 * `application-state` when the draft is filed already.
 */
export async function reportRequest(
  house: PersonalisationHouse,
  officer: Officer,
  id: PersonalisationId,
  certificationRequest: Buffer,
): Promise<Personalisation> {
  const known = await begin(house, officer, id);
  const { bytes, subjectPublicKeyInfo, fingerprint } = parseCertificationRequest(certificationRequest);
  if (known.subjectPublicKeyInfo && !known.subjectPublicKeyInfo.equals(subjectPublicKeyInfo))
    throw new RaError('personalisation-key', 'another key was made on this card for this case');
  return takeStep(house, {
    id,
    step: 'request',
    actor: actorOf(officer),
    facts: { subjectPublicKeyInfo },
    details: { requestSha256: fingerprint.toString('hex') },
    also: async (tx, { applicationId, cardId }) => {
      const draft = await house.drafts.lock(tx, applicationId);
      if (!draft)
        throw new RaError('application-state', 'the application is filed already, with another key');
      const request = encodePem('CERTIFICATE REQUEST', bytes);
      await house.drafts.update(tx, {
        ...draft,
        version: draft.version + 1,
        content: { ...draft.content, certificationRequest: request },
        savedBy: officer.id,
        savedAt: house.clock.now(),
      });
      await moveOn(house, tx, actorOf(officer), { cardId, applicationId }, 'personalise');
    },
  });
}

/** The agent has written the certificate and read it back. Throws RaError `card-not-written` when what it read is something else. */
export async function reportWritten(
  house: PersonalisationHouse,
  officer: Officer,
  id: PersonalisationId,
  readBack: readonly string[],
): Promise<Personalisation> {
  const known = await begin(house, officer, id);
  const { sha256, authorityId } = await certificateOfCase(house, known);
  const expected = [sha256, ...house.chainOf(authorityId).map((one) => digest('sha256', one))];
  if (!expected.every((one, index) => readBack[index] === one.toString('hex')))
    throw new RaError('card-not-written', 'what was read back from the card is not what was to be written');
  return takeStep(house, {
    id,
    step: 'written',
    actor: actorOf(officer),
    details: { certificateSha256: sha256.toString('hex') },
  });
}

/**
 * The card has signed the test document with the key of the certificate: it is where it belongs, and a hold for want of that is
 * lifted. Throws RaError `card-signature-wrong`.
 */
export async function reportTested(
  house: PersonalisationHouse,
  officer: Officer,
  id: PersonalisationId,
  signature: Buffer,
): Promise<Personalisation> {
  const known = await begin(house, officer, id);
  const certificate = await certificateOfCase(house, known);
  const card = (await house.cards.find(known.cardId))!;
  if (known.challenge === undefined)
    throw new RaError('personalisation-state', 'no test was asked of the card');
  assertSigned(signature, testDocument(known, card), certificate);
  const tested = await takeStep(house, {
    id,
    step: 'tested',
    actor: actorOf(officer),
    details: { signatureSha256: digest('sha256', signature).toString('hex') },
    also: (tx) => confirm(house, tx, certificate, actorOf(officer)),
  });
  await house.holderStatus.whenVisible();
  return tested;
}

/** Lifts the hold of a certificate that nobody had confirmed in time, when it has one. */
async function confirm(
  house: PersonalisationHouse,
  tx: Transaction,
  { authorityId, serialNumber }: CertificateRecord,
  actor: AuditActor,
): Promise<void> {
  await house.holderStatus.lockHistory(tx, authorityId, serialNumber);
  const standing = await house.holds.standing(tx, authorityId, serialNumber);
  if (!standing.some(({ cause }) => cause === 'unconfirmed')) return;
  const requestedBy = actor.kind === 'officer' ? `officer:${actor.id}` : actor.id;
  await liftHold(house, tx, { authorityId, serialNumber, causes: ['unconfirmed'], requestedBy }, actor);
}

/**
 * The holder has signed the receipt with the new key: it is kept with the papers, the application is accepted and the card handed
 * over. The paper is durable first; a crash after it leaves a receipt without an acceptance, and reporting it again goes on.
 * Throws RaError `card-signature-wrong`.
 */
export async function reportReceipt(
  house: PersonalisationHouse,
  officer: Officer,
  id: PersonalisationId,
  signature: Buffer,
): Promise<Personalisation> {
  const known = await begin(house, officer, id);
  if (known.state === 'completed') return known;
  const certificate = await certificateOfCase(house, known);
  if (known.receipt === undefined)
    throw new RaError('personalisation-state', 'no receipt was asked of the card');
  assertSigned(signature, known.receipt, certificate);
  const { applicationId } = known;
  const paper = {
    applicationId,
    kind: 'card-receipt',
    mediaType: 'application/cms',
    content: signature,
  } as const;
  const { evidence } = await keepPaper(house, officer, paper);
  return takeStep(house, {
    id,
    step: 'receipt',
    actor: actorOf(officer),
    details: { evidence: evidence.id },
    also: async (tx, { cardId }) => {
      await acceptIn(house, tx, officer, applicationId);
      await moveOn(house, tx, actorOf(officer), { cardId, applicationId }, 'hand-over');
    },
  });
}

async function begin(
  house: PersonalisationHouse,
  officer: Officer,
  id: PersonalisationId,
): Promise<Personalisation> {
  assertRole(officer, PERSONALISING_ROLES);
  return findPersonalisation(house, officer, id);
}

/** A second pair of keys finds the card where the first one has left it. */
async function moveOn(
  house: PersonalisationHouse,
  tx: Transaction,
  actor: AuditActor,
  { cardId, applicationId }: Pick<Personalisation, 'cardId' | 'applicationId'>,
  action: Extract<CardAction, 'personalise' | 'hand-over'>,
): Promise<void> {
  const card = (await house.cards.lock(tx, cardId))!;
  const { to }: CardTransition = CARD_TRANSITIONS[action];
  if (card.state === to || card.state === 'handed-over') return;
  await moveCard(house, tx, actor, card, action, { applicationId });
}

function assertSigned(signature: Buffer, content: Buffer, { bytes }: CertificateRecord): void {
  const signer = readSigner(signature);
  const fault = signer.content.equals(content)
    ? signer.faultWith(parseCertificate(bytes))
    : 'it is over something else';
  if (fault !== undefined)
    throw new RaError('card-signature-wrong', `the card’s signature does not count: ${fault}`);
}

function readSigner(signature: Buffer) {
  try {
    return readSingleSigner(signature);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new RaError('card-signature-wrong', `the card’s signature cannot be read: ${cause.detail}`, {
      cause,
    });
  }
}
