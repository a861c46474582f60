import type { AuditActor } from '../audit/audit-event.ts';
import { APPLICATION_TRANSITIONS, originOf } from './application.ts';
import type { Application, ApplicationId, ApplicationTransition } from './application.ts';
import type { ShownApproval } from './certificate-issuer.ts';
import { DELIVERY_RULES } from './deliveries.ts';
import { attestationOf } from './enrolment/shown-attestation.ts';
import { assertLicenceActive } from './licence/assert-licence-active.ts';
import { RaError } from './ra-error.ts';
import type { IssuingHouse } from './registration-house.ts';

/** Issues for one application that is approved, and activated where that is asked for, unless it has been done meanwhile. */
export async function completeApproved(
  house: IssuingHouse,
  id: ApplicationId,
  actor: AuditActor,
): Promise<void> {
  const application = await house.applications.find(id);
  if (application && (await isToBeIssued(house, application))) await issueFor(house, application, actor);
}

export interface IssueApprovedOptions {
  /** Only approvals and activations before this moment, because whoever came later is at work on it; absent: all. */
  decidedBefore?: Date;
  /** Told of each application that cannot be issued, and the others go on; absent: the first one rejects the whole. */
  onFailure?(id: ApplicationId, error: unknown): void;
}

/** Issues for each application whose approval, or activation, is durable and whose certificate is not; returns those that are issued now. */
export async function issueApproved(
  house: IssuingHouse,
  actor: AuditActor,
  { decidedBefore, onFailure }: IssueApprovedOptions = {},
): Promise<Application[]> {
  const issued: Application[] = [];
  for await (const application of waiting(house, decidedBefore)) {
    try {
      issued.push(await issueFor(house, application, actor));
    } catch (error) {
      if (!onFailure) throw error;
      onFailure(application.id, error);
    }
  }
  return issued;
}

async function* waiting(house: IssuingHouse, before: Date | undefined): AsyncGenerator<Application> {
  yield* approved(house, before);
  yield* activated(house, before);
}

async function* approved(
  { applications }: IssuingHouse,
  decidedBefore: Date | undefined,
): AsyncGenerator<Application> {
  let page: Application[] = [];
  do {
    const before = page.at(-1)?.id;
    page = await applications.list({ state: 'approved', limit: BATCH, ...(before && { before }) });
    for (const one of page) if (!decidedBefore || one.decidedAt! < decidedBefore) yield one;
  } while (page.length === BATCH);
}

async function* activated(
  { applications, activations }: IssuingHouse,
  usedBefore: Date | undefined,
): AsyncGenerator<Application> {
  let page: ApplicationId[] = [];
  do {
    const after = page.at(-1);
    page = await activations.usedAndOpen({
      limit: BATCH,
      ...(after && { after }),
      ...(usedBefore && { usedBefore }),
    });
    for (const id of page) {
      const application = await applications.find(id);
      if (application) yield application;
    }
  } while (page.length === BATCH);
}

const BATCH = 100;

/** Issues, once, for an application whose approval is durable, and for one that is activated whose activation is. */
export async function issueFor(
  house: IssuingHouse,
  application: Application,
  actor: AuditActor,
): Promise<Application> {
  const origin = originOf(application.id);
  if (!(await house.issuer.hasIssued(origin))) {
    // Time may have passed since the approval; what slips through even so is put on hold by `followStandings`.
    await assertLicenceActive(house.licences, application.applicant);
    const { subjectPublicKeyInfo } = application;
    if (!subjectPublicKeyInfo) throw new Error('an application is issued without its key');
    const approval = await shownApproval(house, application);
    try {
      await house.issuer.issue({ ...application, subjectPublicKeyInfo, origin }, approval, actor);
    } catch (error) {
      // Two who complete the same one: the certificate of the first stands.
      if (!(await house.issuer.hasIssued(origin))) throw error;
    }
  }
  return house.transactions.transaction(async (tx) => {
    const current = await house.applications.lock(tx, application.id);
    const { from }: ApplicationTransition = APPLICATION_TRANSITIONS.issue;
    // Somebody else has completed it meanwhile.
    if (current && !from.includes(current.state)) return current;
    const issued = await house.applications.proceed(tx, application.id, {
      state: APPLICATION_TRANSITIONS.issue.to,
    });
    await house.audit.record(tx, {
      at: house.clock.now(),
      actor,
      action: APPLICATION_TRANSITIONS.issue.event,
      outcome: 'accepted',
      subject: origin,
      details: { version: issued.version },
    });
    return issued;
  });
}

async function shownApproval(house: IssuingHouse, { id, delivery }: Application): Promise<ShownApproval> {
  const approval = await house.approvals.find(id);
  if (!approval) throw new RaError('approval-unsigned', 'nobody has signed an approval of this application');
  if (!DELIVERY_RULES[delivery].isActivated) return approval;
  const activation = await house.activations.usedOf(id);
  if (!activation) throw new RaError('activation-state', 'nobody has activated this application');
  const { certificationRequest, ...used } = activation;
  // What a card brings was approved: the CA needs no more of it.
  if (!certificationRequest) return approval;
  const attestation = await attestationOf(house, { kind: 'activation', id: activation.id });
  return { ...approval, activation: { ...used, certificationRequest, ...(attestation && { attestation }) } };
}

async function isToBeIssued({ activations }: IssuingHouse, { id, state }: Application): Promise<boolean> {
  if (state === 'activation') return (await activations.usedOf(id)) !== undefined;
  return state === 'approved';
}
