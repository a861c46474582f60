import t from 'tap';
import type { Test } from 'tap';

import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import { TEST_ORIGIN } from '../support/approve.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// A clinic's laptop shows a code, and the phone that scans it gets the request: once, in time, and only the right one.

t.test('a code pairs a laptop with a phone', async (t) => {
  await onBothServices(t, async (t, service) => {
    const clinic = { service, system: await PrescriptionSystem.register(service) };
    await t.test('whoever scans it signs, and the verification code still counts', (t) => anybody(t, clinic));
    await t.test('with a holder named, it is for that holder', (t) => named(t, clinic));
    await t.test('a second claim is refused, counted and recorded', (t) => stolen(t, clinic));
    await t.test('two phones that scan it at once: one has it', (t) => race(t, clinic));
    await t.test('its time is over with the session', (t) => late(t, clinic));
    await t.test('a phone that has a request open answers it first', (t) => busy(t, clinic));
    await t.test('a certificate on hold claims nothing', (t) => held(t, clinic));
    await t.test('asked again, it is another code', (t) => renewed(t, clinic));
    await t.test('there is a holder or a code', (t) => neither(t, clinic));
  });
});

interface Clinic {
  service: TestService;
  system: PrescriptionSystem;
}

interface Pair {
  doctor: IssuedDoctor;
  phone: SoftwarePhone;
}

async function pairOf({ service, system }: Clinic): Promise<Pair> {
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(service.app, doctor);
  await phone.signIn();
  await system.authenticate();
  return { doctor, phone };
}

async function open({ system }: Clinic, holder?: object, key?: string) {
  const request = { ...(holder && { holder }), pairing: true, documents: [fhirDocument()] };
  const { status, body } = await system.ask(request, key);
  if (status !== 201) throw new Error(JSON.stringify(body));
  const [, secret] = /^(?:.*)#pair=([A-Za-z0-9_-]{43})$/.exec(body.pairing!.uri!)!;
  return { body, secret };
}

function claim({ phone }: Pair, secret: string) {
  return phone.send<{ id: string }>('POST', '/pairings', { secret });
}

async function anybody(t: Test, clinic: Clinic): Promise<void> {
  const pair = await pairOf(clinic);
  const { body, secret } = await open(clinic);
  t.match(body, {
    state: 'CREATED',
    pairing: { claimed: false, refusedClaims: 0 },
    certificateSha256: undefined,
  });
  t.equal(body.pairing!.uri, `${TEST_ORIGIN}/phone#pair=${secret}`);
  t.equal(await pair.phone.fetch(), undefined, 'nobody is shown it before');
  const { database } = clinic.service.house.stores;
  const rows = await database.query<{ text: string }>({
    text: 'select s::text as text from signature_session s',
  });
  t.notOk(
    rows.some(({ text }) => text.includes(secret)),
    'the secret is not in the database',
  );
  t.match(await claim(pair, secret), { status: 200, body: { id: body.id, state: 'CREATED' } });
  t.match(await claim(pair, secret), { status: 200, body: { id: body.id } }, 'sent again, answered alike');
  const request = (await pair.phone.fetch())!;
  t.equal(request.id, body.id);
  const screen = pair.phone.read(request);
  t.equal(screen.verificationCode, body.verificationCode);
  const { codeChoices } = (await pair.phone.display(request, screen)).body;
  t.equal(codeChoices.length, 3);
  await pair.phone.confirm(request, screen.verificationCode);
  t.match(await pair.phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
  const certificateSha256 = hash(pair.doctor.certificate.bytes).toString('hex');
  const answer = (await clinic.system.read(body.id)).body;
  t.match(answer, { state: 'SIGNED', certificateSha256, signatures: [String], pairing: { claimed: true } });
  t.equal(answer.pairing!.uri, undefined);
  const evidence = await clinic.service.app.inject({
    url: `/api/v1/signature-sessions/${body.id}/evidence`,
    headers: { cookie: await clinic.service.cookieOf('auditor') },
  });
  t.match(evidence.json(), { pairing: { claimedAt: String, refusedClaims: 0 } });
}

async function named(t: Test, clinic: Clinic): Promise<void> {
  const [pair, stranger] = [await pairOf(clinic), await pairOf(clinic)];
  const { councilNumber } = pair.doctor.body.applicant;
  const { body, secret } = await open(clinic, { councilNumber });
  t.equal(await pair.phone.fetch(), undefined, 'not without the code');
  t.match(await claim(stranger, secret), { status: 403, body: { code: 'pairing-for-another' } });
  t.match((await clinic.system.read(body.id)).body.pairing, { claimed: false, refusedClaims: 1 });
  t.equal((await claim(pair, secret)).status, 200);
  t.equal((await pair.phone.approve((await pair.phone.fetch())!)).body.state, 'SIGNED');
}

async function stolen(t: Test, clinic: Clinic): Promise<void> {
  const [pair, thief] = [await pairOf(clinic), await pairOf(clinic)];
  const { body, secret } = await open(clinic);
  t.equal((await claim(pair, secret)).status, 200);
  t.match(await claim(thief, secret), { status: 409, body: { code: 'pairing-used' } });
  t.equal(await thief.phone.fetch(), undefined);
  t.match(await thief.phone.refuse({ ...(await pair.phone.fetch())! }), { status: 404 });
  t.match(await claim(thief, 'A'.repeat(43)), { status: 404, body: { code: 'pairing-unknown' } });
  t.match((await clinic.system.read(body.id)).body.pairing, { claimed: true, refusedClaims: 1 });
  const events = await clinic.service.house.stores.database.query({
    text: `select outcome, refusal_code from audit_event where action = 'claim-pairing'
      and subject in ($1, $2) order by id`,
    values: [`signature-session:${body.id}`, certificateOf(thief)],
  });
  t.strictSame(events, [
    { outcome: 'accepted', refusal_code: null },
    { outcome: 'refused', refusal_code: 'pairing-used' },
    { outcome: 'refused', refusal_code: 'pairing-unknown' },
  ]);
  await pair.phone.refuse((await pair.phone.fetch())!);
}

function certificateOf({ doctor }: Pair): string {
  return `certificate:bronze/${doctor.certificate.serialNumber.toString('hex')}`;
}

async function race(t: Test, clinic: Clinic): Promise<void> {
  const pairs = [await pairOf(clinic), await pairOf(clinic), await pairOf(clinic)];
  const { secret } = await open(clinic);
  const answers = await Promise.all(pairs.map((pair) => claim(pair, secret)));
  t.strictSame(answers.map(({ status }) => status).sort(), [200, 409, 409]);
  const requests = await Promise.all(pairs.map(({ phone }) => phone.fetch()));
  t.equal(requests.filter((request) => request !== undefined).length, 1);
}

async function late(t: Test, clinic: Clinic): Promise<void> {
  const pair = await pairOf(clinic);
  const [{ body, secret }, other] = [await open(clinic), await open(clinic)];
  clinic.service.clock.advanceSeconds(179);
  t.equal((await claim(pair, other.secret)).status, 200, 'a second before its end');
  clinic.service.clock.advanceSeconds(1);
  t.match(await claim(pair, secret), { status: 409, body: { code: 'pairing-expired' } });
  t.match((await clinic.system.read(body.id)).body, { state: 'DEVICE_UNAVAILABLE' });
}

async function busy(t: Test, clinic: Clinic): Promise<void> {
  const pair = await pairOf(clinic);
  const [first, second] = [await open(clinic), await open(clinic)];
  const answers = await Promise.all([first, second].map(({ secret }) => claim(pair, secret)));
  t.strictSame(answers.map(({ status }) => status).sort(), [200, 409]);
  t.match(answers.find(({ status }) => status === 409)!.body, { code: 'session-open' });
  const waiting = answers[0].status === 409 ? first : second;
  await pair.phone.refuse((await pair.phone.fetch())!);
  t.match(await claim(pair, waiting.secret), { status: 200 }, 'and then the other');
}

async function held(t: Test, clinic: Clinic): Promise<void> {
  const pair = await pairOf(clinic);
  const { secret } = await open(clinic);
  const cookie = await clinic.service.cookieOf('ca-operator');
  const url = `${pair.doctor.path}/hold`;
  t.equal((await clinic.service.app.inject({ method: 'POST', url, headers: { cookie } })).statusCode, 200);
  t.match(await claim(pair, secret), { status: 409, body: { code: 'credential-not-valid' } });
}

async function renewed(t: Test, clinic: Clinic): Promise<void> {
  const pair = await pairOf(clinic);
  const [first, again] = [await open(clinic, undefined, 'form-7'), await open(clinic, undefined, 'form-7')];
  t.equal(again.body.id, first.body.id);
  t.match(await claim(pair, first.secret), { status: 404, body: { code: 'pairing-unknown' } });
  t.equal((await claim(pair, again.secret)).status, 200);
  const request = { pairing: true, documents: [fhirDocument()] };
  const third = await clinic.system.ask(request, 'form-7');
  t.match(third, { status: 201, body: { id: first.body.id, pairing: { claimed: true } } });
  t.equal(third.body.pairing!.uri, undefined, 'claimed, there is no code any more');
}

async function neither(t: Test, clinic: Clinic): Promise<void> {
  await clinic.system.authenticate();
  t.match(await clinic.system.ask({ documents: [fhirDocument()] }), {
    status: 400,
    body: { code: 'holder-missing' },
  });
}
