import t from 'tap';
import type { Test } from 'tap';

import { DomainError } from '../../core/errors.ts';
import { expireHolds as expireHoldsOf } from '../../ra/holds/expire-holds.ts';
import { followStandings } from '../../ra/licence/keep-certificates-in-line.ts';
import type { LicenceHouse } from '../../ra/licence/licence-house.ts';
import { processLicenceMessages } from '../../ra/licence/process-licence-messages.ts';
import { SEQUENCE_AHEAD_MAX, receiveLicenceMessage } from '../../ra/licence/receive-licence-message.ts';
import { applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { holderOf, licenceMessage } from '../support/licence-letters.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const DAY = 24 * 3600;

const expireHolds = (house: LicenceHouse) =>
  expireHoldsOf({ ...house, onHoldFailure: (error) => house.onLicenceFailure(error) });

t.test('licences and certificates', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: Desk) => Promise<void>) =>
      t.test(name, (t) => run(t, new Desk(service)));
    await part('a suspension holds, and only the Council releases', suspension);
    await part('an end revokes, and blocks what is filed after it', ending);
    await part('a death ends everything of the person', death);
    await part('a lost card stays blocked when the licence comes back', lostCard);
    await part('a gap waits, and what fills it sets all of it going', gap);
    await part('what does not fit is refused, the same way each time', refusals);
    await part('a message about somebody else’s number changes nothing', mismatch);
    await part('while the CA is down nothing is lost', caDown);
    await part('what was issued at the wrong moment follows', stray);
    await part('a hold of seven days becomes a revocation', holdExpiry);
  });
});

/** The Council's desk: its messages reach the house without HTTP, as if they were signed. */
class Desk {
  readonly service: TestService;
  readonly house: LicenceHouse;
  failures: unknown[] = [];

  constructor(service: TestService) {
    this.service = service;
    this.house = {
      ...service.house.services.licence,
      licenceMessages: { verify: async () => ({ keyId: 'test' }) },
      onLicenceFailure: (error) => void this.failures.push(error),
    };
  }

  send(message: Record<string, unknown>, house: LicenceHouse = this.house) {
    const body = Buffer.from(JSON.stringify(message));
    return receiveLicenceMessage(house, { body, signature: 'by the test', receivedBy: 'feed' });
  }

  async say(doctor: IssuedDoctor, event: string, sequence: number) {
    return this.send(licenceMessage({ ...holderOf(doctor), event, sequence }));
  }

  async historyOf({ certificate }: IssuedDoctor): Promise<string[]> {
    const history = await this.service.house.stores.directory.historyOf('bronze', certificate.serialNumber);
    return history.map(({ event, reason }) => (reason ? `${event} ${reason}` : event));
  }

  async request(
    role: 'clerk' | 'approving-officer' | 'ca-operator',
    method: 'GET' | 'POST',
    url: string,
    payload?: object,
  ) {
    const headers = { cookie: await this.service.cookieOf(role) };
    const answer = await this.service.app.inject({ method, url, headers, payload });
    const { code, id } = answer.json<{ code?: string; id?: string }>();
    return { status: answer.statusCode, code, id };
  }

  async eventsAbout(subject: string): Promise<string[]> {
    const rows = await this.service.house.stores.database.query<{ said: string }>({
      text: `select concat_ws(' ', action, outcome, refusal_code) as said from audit_event where subject = $1 order by id`,
      values: [subject],
    });
    return rows.map(({ said }) => said);
  }
}

async function suspension(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const receipt = await desk.say(doctor, 'suspended', 1);
  t.match(receipt, { state: 'applied', outcome: { held: 1, released: 0, revoked: 0, unchanged: 0 } });
  t.strictSame(await desk.eventsAbout(`licence-message:${receipt.messageId}`), [
    'receive-licence-message accepted',
    'apply-licence-message accepted',
  ]);
  const release = await desk.request('ca-operator', 'POST', `${doctor.path}/release`);
  t.match(release, { status: 409, code: 'licence-not-active' }, 'the operator does not release');
  t.match(await desk.say(doctor, 'suspended', 2), { outcome: { unchanged: 1 } }, 'twice is once');
  t.match(await desk.say(doctor, 'restored', 3), { outcome: { released: 1 } });
  t.match(await desk.say(doctor, 'restored', 4), { outcome: { unchanged: 1 } });
  t.strictSame(await desk.historyOf(doctor), ['issued', 'held certificateHold', 'released']);
  const validated = await desk.service.house.stores.licenceHistory.changesOf(holderOf(doctor).councilNumber);
  t.strictSame(
    validated.map(({ event }) => event),
    ['suspended', 'suspended', 'restored', 'restored'],
    'what a validator reads of it',
  );
}

async function ending(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const filed = await desk.request('clerk', 'POST', '/api/v1/applications', {
    ...(await applicationBody()),
    profile: 'signing-phone',
    applicant: doctor.body.applicant,
  });
  t.equal(filed.status, 201);
  t.match(await desk.say(doctor, 'ended', 1), { outcome: { revoked: 1 } });
  t.strictSame(await desk.historyOf(doctor), ['issued', 'revoked privilegeWithdrawn']);
  const path = `/api/v1/applications/${filed.id}/approve`;
  t.match(await desk.request('approving-officer', 'POST', path, { version: 1 }), {
    status: 409,
    code: 'licence-not-active',
  });
  t.match(
    await desk.say(doctor, 'restored', 2),
    { outcome: { released: 0, unchanged: 1 } },
    'nothing revives',
  );
  const approver = await desk.service.cookieOf('approving-officer');
  t.match(await approve(desk.service.app, approver, filed.id!), { status: 200 }, 'a new one may be had');
}

async function death(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const { nationalId } = holderOf(doctor);
  const message = licenceMessage({ nationalId, event: 'deceased' });
  t.match(await desk.send(message), { outcome: { revoked: 1 } }, 'also under another council number');
  t.strictSame(await desk.historyOf(doctor), ['issued', 'revoked cessationOfOperation']);
  const back = licenceMessage({ ...message, messageId: 'back', event: 'restored', sequence: 2 });
  t.match(await desk.send(back), { state: 'refused', refusal: 'holder-deceased' });
  t.match(await desk.send(back), { state: 'refused', refusal: 'holder-deceased' }, 'and again');
  t.match(await desk.eventsAbout('licence-message:back'), [
    'receive-licence-message accepted',
    'apply-licence-message refused holder-deceased',
  ]);
}

async function lostCard(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  await desk.request('clerk', 'POST', `${doctor.path}/hold`);
  t.match(await desk.say(doctor, 'suspended', 1), { outcome: { held: 0, unchanged: 1 } });
  t.match(await desk.say(doctor, 'restored', 2), { outcome: { released: 0, unchanged: 1 } });
  t.strictSame(await desk.historyOf(doctor), ['issued', 'held certificateHold']);
  t.match(
    await desk.request('ca-operator', 'POST', `${doctor.path}/release`),
    { status: 200 },
    'its finder releases it',
  );
}

async function gap(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  t.match(await desk.say(doctor, 'restored', 2), { state: 'waiting', expectedSequence: 1 });
  t.match(await desk.say(doctor, 'suspended', 3), { state: 'waiting', expectedSequence: 1 });
  t.strictSame(await desk.historyOf(doctor), ['issued']);
  t.match(await desk.say(doctor, 'suspended', 1), { state: 'applied' });
  t.strictSame(await desk.historyOf(doctor), [
    'issued',
    'held certificateHold',
    'released',
    'held certificateHold',
  ]);
  t.match(await desk.say(doctor, 'restored', 4 + SEQUENCE_AHEAD_MAX), { refusal: 'sequence-too-far' });
  t.match(await desk.say(doctor, 'restored', 3 + SEQUENCE_AHEAD_MAX), { state: 'waiting' });
}

async function refusals(t: Test, desk: Desk): Promise<void> {
  const message = licenceMessage();
  t.match(await desk.send(message), { state: 'applied' }, 'also of a doctor who has no certificate');
  t.match(await desk.send(message), { state: 'applied' }, 'the same message, the same answer');
  await t.rejects(desk.send({ ...message, event: 'ended' }), { code: 'message-id-reused' });
  const late = { ...message, messageId: 'late' };
  t.match(await desk.send(late), { state: 'refused', refusal: 'sequence-used' });
  t.match(await desk.send(late), { state: 'refused', refusal: 'sequence-used' });
  const waiting = { ...message, messageId: 'waiting', sequence: 3 };
  t.match(await desk.send(waiting), { state: 'waiting', expectedSequence: 2 });
  t.match(await desk.send({ ...waiting, messageId: 'other' }), { refusal: 'sequence-used' });
  t.strictSame(await desk.eventsAbout('licence-message:late'), [
    'receive-licence-message refused sequence-used',
  ]);
  t.match(await desk.eventsAbout(`licence-message:${String(message['messageId'])}`), {
    2: 'receive-licence-message refused message-id-reused',
  });
}

async function mismatch(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const { councilNumber } = holderOf(doctor);
  const foreign = licenceMessage({ councilNumber, event: 'ended' });
  t.match(await desk.send(foreign), { state: 'refused', refusal: 'holder-mismatch' });
  t.strictSame(await desk.historyOf(doctor), ['issued']);
}

async function caDown(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const down = async () => Promise.reject(new DomainError('database-unreachable', 'the CA is away'));
  const away = { ...desk.house, holderStatus: { ...desk.house.holderStatus, changeStatusIn: down } };
  const message = licenceMessage({ ...holderOf(doctor), event: 'suspended' });
  t.match(await desk.send(message, away), { state: 'waiting' }, 'accepted, and not lost');
  t.equal(desk.failures.length, 1);
  t.equal(await processLicenceMessages(away), 0, 'not due yet, or failing again');
  desk.service.clock.advanceSeconds(120);
  t.equal(await processLicenceMessages(desk.house), 1);
  t.strictSame(await desk.historyOf(doctor), ['issued', 'held certificateHold']);
  t.match(await desk.send(message), { state: 'applied', outcome: { held: 1 } }, 'whoever asks again is told');
}

async function stray(t: Test, desk: Desk): Promise<void> {
  const [first, second] = [await issueDoctor(desk.service), await issueDoctor(desk.service)];
  const { stores } = desk.service.house;
  // As a process leaves it that has issued while another one applied the message.
  const standings: [IssuedDoctor, string][] = [
    [first, 'suspended'],
    [second, 'ended'],
  ];
  for (const [doctor, standing] of standings) {
    const holder = { ...holderOf(doctor), standing: standing as never, lastSequence: 1, lastMessageId: 'm' };
    await stores.database.transaction(async (tx) => {
      await stores.licences.lockHolder(tx, holder, desk.service.clock.now());
      await stores.licences.updateHolder(tx, holder, desk.service.clock.now());
    });
  }
  t.equal(await followStandings(desk.house), 2);
  t.strictSame(await desk.historyOf(first), ['issued', 'held certificateHold']);
  t.strictSame(await desk.historyOf(second), ['issued', 'revoked privilegeWithdrawn']);
  t.equal(await followStandings(desk.house), 0);
  t.match(
    await desk.say(first, 'restored', 2),
    { outcome: { released: 1 } },
    'the Council lifts what it has laid',
  );
}

async function holdExpiry(t: Test, desk: Desk): Promise<void> {
  const [lost, found, suspended] = [
    await issueDoctor(desk.service),
    await issueDoctor(desk.service),
    await issueDoctor(desk.service),
  ];
  for (const doctor of [lost, found]) await desk.request('clerk', 'POST', `${doctor.path}/hold`);
  await desk.say(suspended, 'suspended', 1);
  desk.service.clock.advanceSeconds(7 * DAY - 1);
  t.equal(await expireHolds(desk.house), 0, 'a second before');
  await desk.request('ca-operator', 'POST', `${found.path}/release`);
  desk.service.clock.advanceSeconds(1);
  t.equal(await expireHolds(desk.house), 1);
  t.strictSame(await desk.historyOf(lost), ['issued', 'held certificateHold', 'revoked keyCompromise']);
  t.strictSame(await desk.historyOf(found), ['issued', 'held certificateHold', 'released']);
  t.strictSame(
    await desk.historyOf(suspended),
    ['issued', 'held certificateHold'],
    'the Council’s holds last',
  );
  const [, held, revoked] = await desk.service.house.stores.directory.historyOf(
    'bronze',
    lost.certificate.serialNumber,
  );
  t.strictSame(revoked.invalidityDate, held.effectiveAt, 'suspected since the hold');
}
