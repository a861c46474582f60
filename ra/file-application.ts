import { newId } from '../core/ids.ts';
import { parseCertificationRequest } from '../pki/certification-request.ts';
import type { CertificationRequest } from '../pki/certification-request.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Application, ApplicationId, Delivery } from './application.ts';
import { APPLICATION_TRANSITIONS, originOf } from './application.ts';
import { parseApplicant } from './applicant-input.ts';
import type { ApplicantInput } from './applicant-input.ts';
import { DELIVERY_RULES } from './deliveries.ts';
import { actorOf, assertRole } from './officer.ts';
import type { Officer } from './officer.ts';
import { RaError } from './ra-error.ts';
import { keepAnswers } from './registers/ask-registers.ts';
import { consultOnFiling, registerAnswersOf } from './registers/check-application.ts';
import type { RegisterAnswer } from './registers/register-answer-store.ts';
import type { RegistrationHouse } from './registration-house.ts';

export interface ApplicationInput {
  profileId: string;
  applicant: ApplicantInput;
  /** Absent: a request from elsewhere, issued with the approval. */
  delivery?: Delivery;
  /**
   * PKCS#10, PEM. Only its key counts: names and extensions come from the application (DOMAIN §4). Absent for a phone, which has
   * no key yet.
   */
  certificationRequest?: string;
}

/** With what the registers said of it. */
export type FiledApplication = Application & { registerAnswers: RegisterAnswer[] };

/** What a filing comes of, where it is more than a form. */
export interface FilingOrigin {
  /** Of the draft that is filed. */
  id?: ApplicationId;
  /** Called first in the transaction that files; resolves to the id of what an earlier sending of the same form has filed. */
  take?: (tx: Transaction, id: ApplicationId) => Promise<ApplicationId | undefined | void>;
}

const { submit } = APPLICATION_TRANSITIONS;

/**
 * A clerk files an application, and the registers are asked about it. Refused before anything is stored: a wrong proof of possession, a weak or used key,
 * a malformed number or name, a delivery that the profile is not for, and whatever the CA would not issue.
 */
export async function fileApplication(
  house: RegistrationHouse,
  officer: Officer,
  input: ApplicationInput,
  origin: FilingOrigin = {},
): Promise<FiledApplication> {
  assertRole(officer, submit.roles);
  const applicant = parseApplicant(input.applicant);
  const delivery = input.delivery ?? 'request';
  const request = requestOf(house, delivery, input);
  const application: Application = {
    id: origin.id ?? newId(house.clock),
    officeId: officer.officeId,
    state: submit.to,
    version: 1,
    profileId: input.profileId,
    authorityId: await house.issuer.authorityFor(input.profileId),
    delivery,
    applicant,
    ...(request && {
      certificationRequest: request.bytes,
      subjectPublicKeyInfo: request.subjectPublicKeyInfo,
    }),
    filedBy: officer.id,
    filedAt: house.clock.now(),
  };
  await house.issuer.check({ ...application, origin: originOf(application.id) });
  // Whatever they say, the case is filed with it; what they cannot say now they can be asked again.
  const questioned = await consultOnFiling(house, actorOf(officer), application);
  const known = await house.transactions.transaction(async (tx) => {
    const earlier = await origin.take?.(tx, application.id);
    if (earlier) return house.applications.lock(tx, earlier);
    const inserted = await house.applications.insert(tx, application);
    if (!inserted) throw new RaError('key-in-use', 'another application carries this key');
    await house.audit.record(tx, {
      at: application.filedAt,
      actor: actorOf(officer),
      action: submit.event,
      outcome: 'accepted',
      subject: originOf(application.id),
      details: {
        profile: application.profileId,
        delivery,
        ...(request && { requestSha256: request.fingerprint.toString('hex') }),
      },
    });
    await keepAnswers(house, tx, questioned);
    return undefined;
  });
  if (known)
    return { ...known, registerAnswers: (await registerAnswersOf(house, [known.id])).get(known.id)! };
  return { ...application, registerAnswers: questioned.asked.map(({ answer }) => answer) };
}

function requestOf(
  house: Pick<RegistrationHouse, 'keyStoreOf'>,
  delivery: Delivery,
  { profileId, certificationRequest }: ApplicationInput,
): CertificationRequest | undefined {
  const { keyStore, hasKey } = DELIVERY_RULES[delivery];
  if (keyStore && house.keyStoreOf(profileId) !== keyStore)
    throw new RaError('delivery-mismatch', `${profileId} is not for a ${keyStore}`);
  if (!hasKey && certificationRequest !== undefined)
    throw new RaError('certification-request-unexpected', 'the phone makes its key when it is activated');
  if (!hasKey) return undefined;
  if (certificationRequest === undefined)
    throw new RaError('certification-request-missing', 'the request with the key is missing');
  return parseCertificationRequest(certificationRequest);
}
