import type { AuditActor } from '../../audit/audit-event.ts';
import type { Applicant, Application, ApplicationId } from '../application.ts';
import { APPLICATION_ACTIONS, originOf } from '../application.ts';
import type { ApplicationStore } from '../application-store.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { askRegisters, claimHmac, consultRegisters } from './ask-registers.ts';
import type { AskedRegisters, RegisterHouse } from './ask-registers.ts';
import { REGISTERS } from './register.ts';
import type { RegisterClaims } from './register.ts';
import type { RegisterAnswer } from './register-answer-store.ts';

/** Registers without whose match no application is approved. */
const APPLICATION_REGISTERS = ['medical-council', 'civil-registry'] as const;

/** A match older than this says too little of today; the Council's messages tell of changes in between. */
export const REGISTER_MATCH_SECONDS_MAX = 7 * 24 * 3600;

/** Officers who may have a case checked again. */
export const CHECK_ROLES = ['clerk', 'approving-officer'] as const;

/** Asks the registers about an application that is about to be filed; `keepAnswers` keeps what they say with it. */
export function consultOnFiling(
  house: RegisterHouse,
  actor: AuditActor,
  { id, applicant }: Pick<Application, 'id' | 'applicant'>,
): Promise<AskedRegisters> {
  return consultRegisters(house, actor, originOf(id), claimsOf(applicant));
}

/** An officer has a case checked again, e.g. when a register was away; throws RaError `application-state` for a decided one. */
export async function recheckApplication(
  house: RegisterHouse & { applications: ApplicationStore },
  officer: Officer,
  id: ApplicationId,
): Promise<Application> {
  assertRole(officer, CHECK_ROLES);
  const application = await readApplication(house, officer, id);
  const open: readonly string[] = APPLICATION_ACTIONS.approve.from;
  if (!open.includes(application.state))
    throw new RaError(
      'application-state',
      `an application that is ${application.state} is not checked any more`,
    );
  await askRegisters(house, actorOf(officer), originOf(id), claimsOf(application.applicant));
  return application;
}

/** The newest answer of each register about some applications, in the order of the registers. */
export async function registerAnswersOf(
  house: Pick<RegisterHouse, 'registerAnswers'>,
  ids: readonly ApplicationId[],
): Promise<ReadonlyMap<ApplicationId, RegisterAnswer[]>> {
  const answers = ids.length === 0 ? [] : await house.registerAnswers.newestOf(ids.map(originOf));
  const ofOne = (id: ApplicationId) =>
    REGISTERS.flatMap((name) =>
      answers.filter(({ subject, register }) => subject === originOf(id) && register === name),
    );
  return new Map(ids.map((id) => [id, ofOne(id)]));
}

/**
 * Lets an application pass whose every register has last said MATCH to exactly what it says now; returns the evidence. Throws
 * RaError `register-unchecked`, `register-unavailable`, `register-no-match` or `register-check-outdated`.
 */
export async function assertRegistersMatch(
  house: Pick<RegisterHouse, 'registerAnswers' | 'clock'>,
  application: Pick<Application, 'id' | 'applicant'>,
): Promise<RegisterAnswer[]> {
  const answers = (await registerAnswersOf(house, [application.id])).get(application.id)!;
  const claims = claimsOf(application.applicant);
  const oldest = new Date(house.clock.now().getTime() - REGISTER_MATCH_SECONDS_MAX * 1000);
  return APPLICATION_REGISTERS.map((register) => {
    const answer = answers.find((one) => one.register === register);
    if (!answer)
      throw new RaError('register-unchecked', `${register} has not been asked about this application`);
    if (answer.result === 'UNAVAILABLE')
      throw new RaError(
        'register-unavailable',
        `${register} could not answer (${answer.reason}): have it asked again`,
      );
    if (answer.result === 'NO_MATCH')
      throw new RaError('register-no-match', `${register} says otherwise: ${answer.reason}`);
    const isAboutThis = answer.claimHmac.equals(claimHmac(answer.salt, claims[register]));
    if (!isAboutThis || answer.answeredAt < oldest)
      throw new RaError(
        'register-check-outdated',
        `${register} was asked about other data, or too long ago: have it asked again`,
      );
    return answer;
  });
}

function claimsOf({ nationalId, givenName, surname, councilNumber }: Applicant) {
  const person = { nationalId, givenName, surname };
  return {
    'medical-council': { ...person, councilNumber },
    'civil-registry': person,
  } satisfies Partial<RegisterClaims>;
}
