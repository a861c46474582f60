import t from 'tap';
import type { Test } from 'tap';

import { checkRecords } from '../../cli/fsck/check-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { decodePem } from '../../pki/pem.ts';
import { activate, activateAtDesk } from '../../ra/activation/activate.ts';
import {
  ACTIVATIONS_MAX,
  ACTIVATION_SECONDS,
  ACTIVATION_STATES,
  ACTIVATION_STEPS,
  ACTIVATION_TRIES_MAX,
} from '../../ra/activation/activation.ts';
import { expireUnactivated } from '../../ra/activation/expire-unactivated.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { issueApproved } from '../../ra/issue-approved.ts';
import { ROLES } from '../../ra/officer.ts';
import type { LookUp } from '../../ra/registers/register.ts';
import { ActivationDesk, requestOfPhone } from '../support/activation-desk.ts';
import { applicationBody } from '../support/applications.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { onBothServices, onOneService } from '../support/test-service.ts';

const DAY = 24 * 3600;
const TEST = { kind: 'service', id: 'test' } as const;
const REFUSED = { status: 403, body: { code: 'activation-refused' } };

t.test(
  'every step of an activation leads from states that there are, and is taken by roles that there are',
  async (t) => {
    const [states, roles]: readonly string[][] = [[...ACTIVATION_STATES], [...ROLES]];
    for (const step of Object.values(ACTIVATION_STEPS)) {
      for (const state of step.from) t.ok(states.includes(state), state);
      for (const role of step.roles) t.ok(roles.includes(role), role);
    }
  },
);

t.test('activation', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: ActivationDesk) => Promise<void>) =>
      t.test(name, (t) => run(t, new ActivationDesk(service)));
    await part('a phone makes its key after the approval, and proves two secrets', phone);
    await part('five wrong ones are the last, and each is counted', tries);
    await part('a stolen activation code is worth nothing', stolen);
    await part('two at once with two keys are one', twoAtOnce);
    await part('what a crash left between use and issue is completed, by the start and by the phone', crash);
  });
  await onOneService(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: ActivationDesk) => Promise<void>) =>
      t.test(name, (t) => run(t, new ActivationDesk(service)));
    await part('what does not fit is refused when it is filed', filing);
    await part('what else is wrong leaves the secrets good', passing);
    await part('who may do what', roles);
    await part('a letter where no number is known', letter);
    await part('a clock that was set back', clockSetBack);
    await part('a card has its key approved, and its code by short message', card);
    await part('made anew, the old ones are void, and not for ever', renewals);
    await part('thirty days are over, sixty are the end', time);
    await part('what is not to be activated any more is withdrawn', withdrawal);
  });
});

function certificateIn({ certificate }: { certificate: string }): Certificate {
  return parseCertificate(decodePem(certificate, ['CERTIFICATE'])[0].bytes);
}

async function findings({ service }: ActivationDesk): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const finding of checkRecords(new PgRecords(service.house.stores.database))) found.push(finding);
  return found;
}

async function phone(t: Test, desk: ActivationDesk): Promise<void> {
  const { id } = await desk.filePhone({ mobile: null });
  t.match(
    await desk.ask('approving-officer', 'GET', `/applications/${id}/approval`),
    { status: 409, body: { code: 'contact-missing' } },
    'one channel is not enough',
  );
  await desk.take(id, { mobile: '09990000001' });
  const { body: approval } = await desk.ask('approving-officer', 'GET', `/applications/${id}/approval`);
  t.match(approval.document.certificate, { key: 'of-the-activation', profileId: 'signing-phone' });
  t.notOk('subjectPublicKeyInfoSha256' in approval.document.certificate);
  t.match(await desk.approve(id), { status: 200, body: { state: 'activation' } });
  t.match((await desk.ask('clerk', 'GET', `/certificates?applicationId=${id}`)).body.items, []);
  t.match(await desk.standing(id), {
    body: { state: 'waiting', codeChannel: 'sms', isDeskSecretShown: false, triesLeft: ACTIVATION_TRIES_MAX },
  });
  const code = await desk.code();
  const signer = memorySigner();
  const certificationRequest = await requestOfPhone(signer);
  t.match(await desk.activate(id, { code, certificationRequest }), REFUSED, 'the code alone');
  const deskSecret = await desk.deskSecret(id);
  t.match(await desk.activate(id, { code: '00000000', deskSecret, certificationRequest }), REFUSED);
  const persian = code.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));
  const activated = await desk.activate(id, { code: persian, deskSecret, certificationRequest });
  t.match(activated, { status: 200, body: { application: { state: 'issued', delivery: 'phone' } } });
  t.ok(certificateIn(activated.body.certificate).subjectPublicKeyInfo.equals(signer.subjectPublicKeyInfo));

  const again = await desk.activate(id, { code, deskSecret, certificationRequest });
  t.equal(
    again.body.certificate.sha256,
    activated.body.certificate.sha256,
    'the same key: the same certificate',
  );
  const other = { code, deskSecret, certificationRequest: await requestOfPhone() };
  t.match(await desk.activate(id, other), REFUSED, 'another key: used once');
  t.match(await desk.renew(id, 'desk-secret'), { status: 409, body: { code: 'activation-state' } });
  t.strictSame(await desk.events(id), [
    'start-activation',
    'await-activation',
    'use-activation refused',
    'show-activation-secret',
    'use-activation refused',
    'use-activation',
    'use-activation refused',
  ]);
  const secrets = [code, deskSecret];
  const [{ told }] = await desk.service.house.stores.database.query<{ told: string }>({
    text: `select coalesce(string_agg(details::text, ' '), '') as told from audit_event`,
  });
  for (const secret of secrets) t.notOk(told.includes(secret), 'no event tells a secret');
  t.strictSame(await findings(desk), []);
}

async function card(t: Test, desk: ActivationDesk): Promise<void> {
  const { id, signer } = await desk.fileCard();
  const code = await desk.approveAndRead(id);
  t.match(await desk.renew(id, 'desk-secret'), { status: 409 }, 'the card is the other channel');
  const extra = { code, certificationRequest: await requestOfPhone() };
  t.match(await desk.activate(id, extra), {
    status: 422,
    body: { code: 'certification-request-unexpected' },
  });
  const other = await desk.fileCard();
  await desk.approveAndRead(other.id);
  t.match(await desk.activate(other.id, { code }), REFUSED, 'the code of another application');
  const activated = await desk.activate(id, { code });
  t.match(activated, { status: 200, body: { application: { state: 'issued' } } });
  t.ok(certificateIn(activated.body.certificate).subjectPublicKeyInfo.equals(signer.subjectPublicKeyInfo));
  t.match(await desk.activate(id, { code }), { status: 200 }, 'asked again');
  t.match((await desk.standing(id)).body, { state: 'used' });
  t.strictSame(await findings(desk), []);
}

async function tries(t: Test, desk: ActivationDesk): Promise<void> {
  const { id } = await desk.fileCard();
  const code = await desk.approveAndRead(id);
  const wrong = Array.from({ length: ACTIVATION_TRIES_MAX + 2 }, (_, at) =>
    desk.activate(id, { code: `0${at}` }),
  );
  for (const answer of await Promise.all(wrong)) t.match(answer, REFUSED);
  t.match((await desk.standing(id)).body, { state: 'dead', triesLeft: 0 });
  t.match(await desk.activate(id, { code }), REFUSED, 'the right one is too late');
  const refused = (await desk.events(id)).filter((event) => event === 'use-activation refused');
  t.equal(refused.length, ACTIVATION_TRIES_MAX + 1, 'nobody fills the log by guessing');
  t.match(await desk.renew(id, 'code'), {
    status: 201,
    body: { activation: { state: 'waiting', triesLeft: ACTIVATION_TRIES_MAX }, deskSecret: undefined },
  });
  const next = await desk.code();
  t.match(await desk.activate(id, { code }), REFUSED, 'void');
  t.match(await desk.activate(id, { code: next }), { status: 200 });
}

/** Who has one of the two channels, or both of another application, or both too late. */
async function stolen(t: Test, desk: ActivationDesk): Promise<void> {
  const thief = await desk.filePhone();
  const own = { code: await desk.approveAndRead(thief.id), deskSecret: await desk.deskSecret(thief.id) };
  const { id } = await desk.filePhone();
  const code = await desk.approveAndRead(id);
  const key = memorySigner();
  const certificationRequest = await requestOfPhone(key);
  const steal = (secrets: { code: string; deskSecret?: string }) =>
    desk.activate(id, { ...secrets, certificationRequest });
  t.match(await steal({ code }), REFUSED, 'the code of the message, without the link of the desk');
  const deskSecret = await desk.deskSecret(id);
  t.match(await steal({ code: '00000000', deskSecret }), REFUSED, 'the link, without the code');
  t.match(await steal({ code, deskSecret: own.deskSecret }), REFUSED, 'with another’s link');
  t.match(await steal({ code: own.code, deskSecret }), REFUSED, 'a code that came to another’s number');
  t.match((await desk.standing(id)).body, { state: 'waiting', triesLeft: 1 }, 'each was a try');
  t.match(await steal(own), REFUSED, 'both of another application: the fifth');
  t.match((await desk.standing(id)).body, { state: 'dead', triesLeft: 0 });
  t.match(await steal({ code, deskSecret }), REFUSED, 'both are too late then');
  t.match((await desk.standing(thief.id)).body, { state: 'waiting', triesLeft: ACTIVATION_TRIES_MAX });

  const next = await desk.renew(id, 'code');
  const fresh = { code: await desk.code(), deskSecret: next.body.deskSecret };
  t.type(fresh.deskSecret, 'string', 'both are made anew');
  t.match(await steal({ code, deskSecret: fresh.deskSecret }), REFUSED, 'the first code is void');
  t.match(await steal({ code: fresh.code, deskSecret }), REFUSED, 'and the first link');
  const holders = await requestOfPhone();
  const issued = await desk.activate(id, { ...fresh, certificationRequest: holders });
  t.match(issued, { status: 200, body: { application: { state: 'issued' } } });
  t.match(await steal(fresh), REFUSED, 'after the holder has used both');
  const found = await desk.ask('clerk', 'GET', `/certificates?applicationId=${id}`);
  t.equal(found.body.items.length, 1);

  const { id: idle } = await desk.filePhone();
  const late = { code: await desk.approveAndRead(idle), deskSecret: await desk.deskSecret(idle) };
  desk.service.clock.advanceSeconds(ACTIVATION_SECONDS);
  t.match(await desk.activate(idle, { ...late, certificationRequest }), REFUSED, 'after thirty days');
  t.match((await desk.standing(idle)).body, { state: 'expired' });
  const { database } = desk.service.house.stores;
  const certified = await database.query({
    text: 'select 1 as found from issuance_intent where spki_sha256 = $1',
    values: [digest('sha256', key.subjectPublicKeyInfo)],
  });
  t.equal(certified.length, 0, 'the thief’s key was never even intended');
}

async function twoAtOnce(t: Test, desk: ActivationDesk): Promise<void> {
  const { id } = await desk.filePhone();
  const code = await desk.approveAndRead(id);
  const deskSecret = await desk.deskSecret(id);
  const requests = [await requestOfPhone(), await requestOfPhone()];
  const answers = await Promise.all(
    requests.map((certificationRequest) => desk.activate(id, { code, deskSecret, certificationRequest })),
  );
  const [first, second] = answers.map(({ status }) => status).sort();
  t.equal(first, 200);
  t.ok([403, 409].includes(second), `the other was used, or the holder has a certificate: ${second}`);
  t.equal((await desk.ask('clerk', 'GET', `/certificates?applicationId=${id}`)).body.items.length, 1);

  const { id: same } = await desk.filePhone();
  const input = { code: await desk.approveAndRead(same), deskSecret: await desk.deskSecret(same) };
  const certificationRequest = await requestOfPhone();
  const twice = await Promise.all([
    desk.activate(same, { ...input, certificationRequest }),
    desk.activate(same, { ...input, certificationRequest }),
  ]);
  t.ok(
    twice.some(({ status }) => status === 200),
    'sent twice: at least one is answered',
  );
  t.match(
    await desk.activate(same, { ...input, certificationRequest }),
    { status: 200 },
    'and each in the end',
  );
  t.equal((await desk.ask('clerk', 'GET', `/certificates?applicationId=${same}`)).body.items.length, 1);
}

async function crash(t: Test, desk: ActivationDesk): Promise<void> {
  const { registration } = desk.service.house.services;
  const died = new Error('the process died');
  const house = {
    ...registration,
    issuer: { ...registration.issuer, issue: () => Promise.reject(died) },
  };
  const [one, other] = [await desk.filePhone(), await desk.filePhone()];
  const inputs = [];
  for (const { id } of [one, other]) {
    const code = await desk.approveAndRead(id);
    const input = {
      applicationId: id as ApplicationId,
      code,
      deskSecret: await desk.deskSecret(id),
      certificationRequest: await requestOfPhone(),
    };
    inputs.push(input);
    await t.rejects(activate(house, input), died);
    t.match((await desk.ask('clerk', 'GET', `/applications/${id}`)).body.state, 'activation');
  }
  t.match(await findings(desk), [{ code: 'application-open' }, { code: 'application-open' }]);
  const early = new Date(desk.service.clock.now().getTime() - 60_000);
  t.strictSame(
    await issueApproved(registration, TEST, { decidedBefore: early }),
    [],
    'somebody is at work on it',
  );
  const again = await activate(registration, inputs[1]);
  t.equal(again.application.state, 'issued', 'by the phone, which asks again');
  const completed = await issueApproved(registration, TEST);
  t.match(completed, [{ id: one.id, state: 'issued' }]);
  t.strictSame(await findings(desk), []);
}

async function time(t: Test, desk: ActivationDesk): Promise<void> {
  const { house, clock } = desk.service;
  const [late, never] = [await desk.fileCard(), await desk.filePhone()];
  const code = await desk.approveAndRead(late.id);
  await desk.approveAndRead(never.id);
  clock.advanceSeconds(ACTIVATION_SECONDS);
  t.match((await desk.standing(late.id)).body, { state: 'expired' });
  t.match(await desk.activate(late.id, { code }), REFUSED);
  t.match(await desk.renew(late.id, 'desk-secret'), { status: 409 });
  t.match(await desk.renew(late.id, 'code'), { status: 201 });
  t.match(await desk.activate(late.id, { code: await desk.code() }), { status: 200 });
  const run = () => expireUnactivated(house.services.registration, TEST);
  t.equal(await run(), 0);
  clock.advanceSeconds(30 * DAY + 60);
  t.match(await desk.renew(never.id, 'code'), { status: 201 }, 'until somebody ends it');
  const [first, second] = await Promise.all([run(), run()]);
  t.equal(first + second >= 1, true);
  t.match((await desk.ask('clerk', 'GET', `/applications/${never.id}`)).body, { state: 'expired' });
  t.match((await desk.ask('clerk', 'GET', `/applications/${late.id}`)).body, { state: 'issued' });
  t.match((await desk.standing(never.id)).body, { state: 'void' });
  t.match(await desk.renew(never.id, 'code'), { status: 409 });
  const events = await desk.events(never.id);
  t.equal(events.filter((event) => event === 'end-activation').length, 1, 'ended once');
  t.strictSame(await findings(desk), []);
}

async function filing(t: Test, desk: ActivationDesk): Promise<void> {
  const whole = await applicationBody();
  const { certificationRequest: _, ...unkeyed } = whole;
  const refused: [object, string][] = [
    [{ ...whole, delivery: 'phone' }, 'certification-request-unexpected'],
    [{ ...unkeyed, delivery: 'phone', profile: 'signing-card' }, 'delivery-mismatch'],
    [{ ...whole, delivery: 'card' }, 'delivery-mismatch'],
    [{ ...unkeyed, delivery: 'card', profile: 'signing-card' }, 'certification-request-missing'],
    [unkeyed, 'certification-request-missing'],
  ];
  for (const [body, code] of refused)
    t.match(await desk.ask('clerk', 'POST', '/applications', body), { status: 422, body: { code } });
  t.match(await desk.ask('clerk', 'POST', '/applications', { ...whole, delivery: 'post' }), { status: 400 });
  const draft = await desk.ask('clerk', 'POST', '/applications', {
    draft: true,
    ...unkeyed,
    delivery: 'card',
  });
  const submit = (id: string) => desk.ask('clerk', 'POST', `/applications/${id}/submit`, { version: 1 });
  t.match(await submit(draft.body.id), { status: 422, body: { code: 'draft-incomplete' } });
  const phone = await desk.ask('clerk', 'POST', '/applications', {
    draft: true,
    ...unkeyed,
    delivery: 'phone',
  });
  t.match(await submit(phone.body.id), { status: 200, body: { state: 'submitted', delivery: 'phone' } });
  const absent = '01890000-0000-7000-8000-000000000000';
  t.match(await desk.activate(absent, { code: '1' }), { status: 404 });
  t.match(await desk.standing(phone.body.id), { status: 404, body: { code: 'activation-unknown' } });
  await t.rejects(
    activate(desk.service.house.services.registration, { applicationId: absent as ApplicationId, code: '1' }),
    { code: 'activation-refused' },
    'who is not signed in does not learn whether there is one',
  );
  await t.rejects(
    activate(desk.service.house.services.registration, {
      applicationId: phone.body.id as ApplicationId,
      code: '1',
      certificationRequest: 'nothing',
    }),
    { code: 'certification-request-malformed' },
  );
}

async function passing(t: Test, desk: ActivationDesk): Promise<void> {
  const { registration } = desk.service.house.services;
  const { id } = await desk.filePhone();
  const code = await desk.approveAndRead(id);
  const deskSecret = await desk.deskSecret(id);
  const input = { code, deskSecret };
  t.match(await desk.activate(id, input), { status: 422, body: { code: 'certification-request-missing' } });
  const used = await desk.fileCard();
  const usedRequest = await requestOfPhone(used.signer);
  t.match(await desk.activate(id, { ...input, certificationRequest: usedRequest }), {
    status: 409,
    body: { code: 'key-in-use' },
  });
  const certificationRequest = await requestOfPhone();
  const shahkar = (lookUp: object) => ({
    ...registration,
    registers: { ...registration.registers, shahkar: { lookUp: async () => lookUp as LookUp<'shahkar'> } },
  });
  const whole = { applicationId: id as ApplicationId, ...input, certificationRequest };
  const raw = Buffer.from('{}');
  await t.rejects(activate(shahkar({ kind: 'found', entry: { isOwner: false }, raw }), whole), {
    code: 'register-no-match',
  });
  await t.rejects(activate(shahkar({ kind: 'unavailable', fault: 'timeout' }), whole), {
    code: 'register-unavailable',
  });
  await t.rejects(
    activate(
      {
        ...registration,
        issuer: { ...registration.issuer, checkReady: () => Promise.reject(new Error('away')) },
      },
      whole,
    ),
    /away/,
  );
  t.match((await desk.standing(id)).body, { state: 'waiting', triesLeft: ACTIVATION_TRIES_MAX });
  t.match(await desk.activate(id, { ...input, certificationRequest }), { status: 200 });
}

async function roles(t: Test, desk: ActivationDesk): Promise<void> {
  const { id } = await desk.filePhone();
  await desk.approveAndRead(id);
  for (const role of ['approving-officer', 'auditor', 'ca-operator'] as const) {
    t.match(await desk.renew(id, 'code', role), { status: 403, body: { code: 'role-missing' } }, role);
    t.match(
      await desk.activate(id, { code: '1' }, role),
      { status: 403, body: { code: 'role-missing' } },
      role,
    );
  }
  t.match(await desk.renew(id, 'letter'), { status: 403, body: { code: 'role-missing' } });
  t.match(await desk.renew(id, 'code', 'office-manager'), { status: 403, body: { code: 'role-missing' } });
  t.match(await desk.renew(id, 'qr'), { status: 400 });
  const { stores, services } = desk.service.house;
  const officers = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const clerk = officers.find(({ roles }) => roles.includes('clerk'))!;
  const stranger = { ...clerk, officeId: '01890000-0000-7000-8000-000000000001' as typeof clerk.officeId };
  await t.rejects(
    activateAtDesk(services.registration, stranger, { applicationId: id as ApplicationId, code: '1' }),
    { code: 'application-unknown' },
    'of another office',
  );
}

async function letter(t: Test, desk: ActivationDesk): Promise<void> {
  const { id } = await desk.fileCard({ mobile: null });
  t.match(await desk.approve(id), { status: 200, body: { state: 'activation' } });
  t.equal(await desk.send(), 0, 'nobody to send it to');
  const { body } = await desk.standing(id);
  t.match(body, { state: 'waiting' });
  t.notOk(body.codeChannel);
  t.match(await desk.activate(id, { code: '' }), { status: 400 });
  t.match(await desk.activate(id, { code: ' ' }), REFUSED, 'no code is not an empty one');
  t.match(await desk.renew(id, 'code'), { status: 409, body: { code: 'contact-missing' } });
  const printed = await desk.renew(id, 'letter', 'office-manager');
  t.match(printed, {
    status: 201,
    body: { letterCode: /^[0-9]{8}$/, activation: { codeChannel: 'letter' } },
  });
  t.notOk(printed.body.deskSecret, 'who has the code has not the other channel');
  t.match(await desk.activate(id, { code: printed.body.letterCode! }), { status: 200 });
}

async function clockSetBack(t: Test, desk: ActivationDesk): Promise<void> {
  const { clock } = desk.service;
  // Not before the CA.
  clock.advanceSeconds(3600);
  const { id } = await desk.filePhone();
  const code = await desk.approveAndRead(id);
  const deskSecret = await desk.deskSecret(id);
  const cookie = await desk.service.cookieOf('clerk');
  clock.advanceSeconds(-120);
  const answer = await desk.service.app.inject({
    method: 'POST',
    url: `/api/v1/applications/${id}/activation`,
    headers: { cookie },
    payload: { code, deskSecret, certificationRequest: await requestOfPhone() },
  });
  clock.advanceSeconds(120);
  t.equal(answer.statusCode, 200, answer.body);
  t.strictSame(await findings(desk), []);
}

async function renewals(t: Test, desk: ActivationDesk): Promise<void> {
  const { id: phone } = await desk.filePhone();
  const code = await desk.approveAndRead(phone);
  const [first, second] = [await desk.deskSecret(phone), await desk.deskSecret(phone)];
  const shown = { code, deskSecret: first, certificationRequest: await requestOfPhone() };
  t.match(await desk.activate(phone, shown), REFUSED, 'shown anew');
  const renewed = await desk.renew(phone, 'code');
  t.ok(renewed.body.deskSecret, 'a new one with the new code');
  t.match(await desk.activate(phone, { ...shown, deskSecret: second }), REFUSED, 'both are void');
  const { id } = await desk.fileCard({ mobile: null });
  await desk.approve(id);
  for (let made = 1; made < ACTIVATIONS_MAX; made += 1)
    t.match(await desk.renew(id, 'letter', 'office-manager'), { status: 201 });
  t.match(await desk.renew(id, 'letter', 'office-manager'), {
    status: 409,
    body: { code: 'activations-too-many' },
  });
}

async function withdrawal(t: Test, desk: ActivationDesk): Promise<void> {
  const withdraw = async (id: string) => {
    const { version } = (await desk.ask('clerk', 'GET', `/applications/${id}`)).body;
    return desk.ask('clerk', 'POST', `/applications/${id}/withdraw`, { version });
  };
  const { id, signer } = await desk.fileCard();
  const code = await desk.approveAndRead(id);
  t.match(await desk.ask('approving-officer', 'POST', `/applications/${id}/reject`, { version: 3 }), {
    status: 409,
  });
  t.match(await withdraw(id), { status: 200, body: { state: 'withdrawn' } });
  t.match(await desk.activate(id, { code }), REFUSED);
  t.match(await desk.renew(id, 'code'), { status: 409, body: { code: 'activation-state' } });
  const { id: again } = await desk.fileCard({ signer });
  const next = await desk.approveAndRead(again);
  const used = {
    ...desk.service.house.services.registration,
    issuer: {
      ...desk.service.house.services.registration.issuer,
      issue: () => Promise.reject(new Error('the process died')),
    },
  };
  await t.rejects(activate(used, { applicationId: again as ApplicationId, code: next }), /died/);
  t.match(
    await withdraw(again),
    { status: 409, body: { code: 'application-state' } },
    'not between use and certificate',
  );
  t.match(await desk.activate(again, { code: next }), { status: 200 }, 'the key was let go');
  t.strictSame(await findings(desk), []);
}
