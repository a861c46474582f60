import type { AuditActor } from '../../audit/audit-event.ts';
import { toAsciiDigits } from '../../core/digits.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { AttestationVerdict } from '../../pki/attestation/key-attestation.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import type { CertificationRequest } from '../../pki/certification-request.ts';
import { APPLICATION_TRANSITIONS, originOf } from '../application.ts';
import type { Application, ApplicationId } from '../application.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import { DELIVERY_RULES } from '../deliveries.ts';
import { keepAttestation, prepareAttestation, verdictDetails } from '../enrolment/shown-attestation.ts';
import type { AttestedKey, PreparedAttestation, ShownAttestation } from '../enrolment/shown-attestation.ts';
import { issueFor } from '../issue-approved.ts';
import { assertLicenceActive } from '../licence/assert-licence-active.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { askRegisters } from '../registers/ask-registers.ts';
import { ACTIVATION_STEPS, ACTIVATION_TRIES_MAX, activationState } from './activation.ts';
import type { Activation, ActivationState, ActivationStep } from './activation.ts';
import { ACTIVATION_ACTOR } from './activation-house.ts';
import type { ActivationHouse } from './activation-house.ts';
import { holderOf } from './make-activation.ts';

export interface ActivationInput {
  applicationId: ApplicationId;
  /** By short message or letter; either digits. */
  code: string;
  /** From the QR code at the desk; of phones. */
  deskSecret?: string;
  /** PKCS#10, DER or PEM, of the key that the phone has made; of phones. */
  certificationRequest?: Uint8Array | string;
  /** What the phone shows for the key. */
  attestation?: ShownAttestation;
  /** The CA that is asked; another's application is none. Absent: whichever it is of. */
  authorityId?: string;
  /** No clerk is there, so a card, which is read at the desk, is not activated. */
  isRemote?: true;
}

export interface ActivatedCertificate {
  application: Application;
  certificate: CertificateRecord;
  /** What this activation's attestation was found to prove; absent where none was shown, or the certificate was issued before. */
  verdict?: AttestationVerdict;
}

const { use } = ACTIVATION_STEPS;

/** The same at the desk, where a clerk of the application's office types what the holder says. */
export async function activateAtDesk(
  house: ActivationHouse,
  officer: Officer,
  input: ActivationInput,
): Promise<ActivatedCertificate> {
  assertRole(officer, use.roles);
  await readApplication(house, officer, input.applicationId);
  return activate(house, input, actorOf(officer));
}

/**
 * Issues for an approved application whose holder shows both secrets. Wrong ones, too many, too late, of another application or none:
 * RaError `activation-refused`, with the same words after the same work, for who asks need not be signed in. What the CA, the
 * licence or Shahkar say against it is refused with the secrets still good. Used again with the same key, it completes what a crash
 * left, or answers with what was issued.
 */
export async function activate(
  house: ActivationHouse,
  input: ActivationInput,
  actor: AuditActor = ACTIVATION_ACTOR,
): Promise<ActivatedCertificate> {
  const request =
    input.certificationRequest === undefined
      ? undefined
      : parseCertificationRequest(input.certificationRequest);
  const application = await house.applications.find(input.applicationId);
  const activation = application && (await house.activations.newest(application.id));
  const isRight = await isShown(house, input, application, activation);
  const isFirst = isRight && activation!.usedAt === undefined;
  if (isFirst) await assertActivatable(house, application!, request, actor);
  const shown = isFirst && request ? input.attestation : undefined;
  const attestation = shown && (await prepareAttestation(house, attestedKeyOf(activation!, request!), shown));
  const attempt: Attempt = {
    isRight,
    activationId: activation?.id,
    request,
    hasAttestation: shown !== undefined,
    attestation,
    actor,
  };
  const activated = await house.transactions.transaction((tx) =>
    settle(house, tx, input.applicationId, attempt),
  );
  if (!activated)
    throw new RaError(
      'activation-refused',
      'this is not right, is over, or was tried too often: have a new code made at the office',
    );
  const issued = await issueFor(house, activated, actor);
  const [certificate] = await house.directory.search({ applicationId: issued.id, limit: 1 });
  return { application: issued, certificate, ...(attestation && { verdict: attestation.verdict }) };
}

function attestedKeyOf(
  { id, applicationId }: Activation,
  { subjectPublicKeyInfo }: CertificationRequest,
): AttestedKey {
  return { occasion: { kind: 'activation', id }, subject: originOf(applicationId), subjectPublicKeyInfo };
}

/** Whether all are right. For a phone it takes as long whichever is wrong, and for an application that does not exist. */
async function isShown(
  { secrets }: ActivationHouse,
  { code, deskSecret, authorityId, isRemote }: ActivationInput,
  application: Application | undefined,
  activation: Activation | undefined,
): Promise<boolean> {
  if (application?.delivery === 'card' && !isRemote)
    return secrets.isOf(toAsciiDigits(code), activation?.code);
  const [isCode, isDeskSecret] = await Promise.all([
    secrets.isOf(toAsciiDigits(code), activation?.code),
    secrets.isOf(deskSecret ?? '', activation?.deskSecret),
  ]);
  return isCode && isDeskSecret && (authorityId === undefined || authorityId === application?.authorityId);
}

/** Everything that is said against it while the secrets are still good for another try. */
async function assertActivatable(
  house: ActivationHouse,
  application: Application,
  request: CertificationRequest | undefined,
  actor: AuditActor,
): Promise<void> {
  const { hasKey } = DELIVERY_RULES[application.delivery];
  if (hasKey && request)
    throw new RaError('certification-request-unexpected', 'its key was approved: there is no other');
  if (!hasKey && !request)
    throw new RaError('certification-request-missing', 'the request with the key of the phone is missing');
  await assertLicenceActive(house.licences, application.applicant);
  await house.issuer.checkReady({
    ...application,
    ...(request && { subjectPublicKeyInfo: request.subjectPublicKeyInfo }),
    origin: originOf(application.id),
  });
  if (application.delivery === 'phone') await assertNumberIsTheirs(house, application, actor);
}

/** Numbers are given to others: Shahkar is asked when a phone is activated (DOMAIN §3). */
async function assertNumberIsTheirs(
  house: ActivationHouse,
  application: Application,
  actor: AuditActor,
): Promise<void> {
  const { mobile } = await holderOf(house, application);
  if (mobile === undefined)
    throw new RaError('contact-missing', 'no mobile number of the holder is known: take it down first');
  const claims = { shahkar: { nationalId: application.applicant.nationalId, mobile } };
  const [{ result, reason }] = await askRegisters(house, actor, originOf(application.id), claims);
  if (result === 'NO_MATCH') throw new RaError('register-no-match', `shahkar says otherwise: ${reason}`);
  if (result === 'UNAVAILABLE')
    throw new RaError('register-unavailable', `shahkar could not answer (${reason}): try again later`);
}

interface Attempt {
  isRight: boolean;
  /** Whose secrets were compared. */
  activationId: Activation['id'] | undefined;
  request: CertificationRequest | undefined;
  hasAttestation: boolean;
  attestation: PreparedAttestation | undefined;
  actor: AuditActor;
}

/**
 * Uses the activation, or counts the try: under lock, so that five at once are five. Undefined: refused. A refusal is not thrown,
 * which would forget that it was counted.
 */
async function settle(
  house: ActivationHouse,
  tx: Transaction,
  id: ApplicationId,
  attempt: Attempt,
): Promise<Application | undefined> {
  const application = await house.applications.lock(tx, id);
  const activation = application && (await house.activations.lockNewest(tx, id));
  // Made anew while its secrets were compared: what was shown is void.
  if (!activation || activation.id !== attempt.activationId) return undefined;
  const { from }: ActivationStep = use;
  const state = activationState(activation, house.clock.now());
  const isSame = state !== 'used' || isKeyOf(application, attempt.request);
  if (!attempt.isRight || !from.includes(state) || !isSame)
    return refuse(house, tx, activation, state, attempt);
  if (state === 'used') return application;
  if (application.state !== APPLICATION_TRANSITIONS.await.to)
    return refuse(house, tx, activation, state, attempt);
  return useOnce(house, tx, application, activation, attempt);
}

/** A card's key was known before; a phone shows again what it has shown. */
function isKeyOf(
  { delivery, subjectPublicKeyInfo }: Application,
  request: CertificationRequest | undefined,
): boolean {
  if (DELIVERY_RULES[delivery].hasKey) return request === undefined;
  return request !== undefined && request.subjectPublicKeyInfo.equals(subjectPublicKeyInfo!);
}

async function useOnce(
  house: ActivationHouse,
  tx: Transaction,
  application: Application,
  activation: Activation,
  { request, hasAttestation, attestation, actor }: Attempt,
): Promise<Application> {
  // A clock that was set back makes nobody activate before the code was made.
  const usedAt = new Date(Math.max(house.clock.now().getTime(), activation.madeAt.getTime()));
  const keyed = request
    ? await house.applications.setKey(tx, application.id, {
        certificationRequest: request.bytes,
        subjectPublicKeyInfo: request.subjectPublicKeyInfo,
      })
    : application;
  if (!keyed) throw new RaError('key-in-use', 'another application carries this key');
  await house.activations.use(tx, activation.id, usedAt, request?.bytes);
  if (hasAttestation) await keepAttestation(house, tx, attestation);
  await house.audit.record(tx, {
    at: usedAt,
    actor,
    action: use.event,
    outcome: 'accepted',
    subject: originOf(application.id),
    details: {
      activation: activation.id,
      ...(request && { requestSha256: request.fingerprint.toString('hex') }),
      ...(attestation && verdictDetails(attestation)),
    },
  });
  return keyed;
}

async function refuse(
  house: ActivationHouse,
  tx: Transaction,
  activation: Activation,
  state: ActivationState,
  { actor }: Attempt,
): Promise<undefined> {
  // Counted and recorded once more than is allowed, and no further: nobody fills the log by guessing.
  if (activation.tries > ACTIVATION_TRIES_MAX || state === 'void') return undefined;
  const tries = activation.tries + 1;
  await house.activations.setTries(tx, activation.id, tries);
  await house.audit.record(tx, {
    at: house.clock.now(),
    actor,
    action: use.event,
    outcome: 'refused',
    subject: originOf(activation.applicationId),
    refusalCode: 'activation-refused',
    details: { activation: activation.id, state, tries },
  });
  return undefined;
}
