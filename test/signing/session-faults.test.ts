import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import { ManualClock } from '../../core/clock.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { SESSION_STATES, TRANSITIONS } from '../../signing/sessions/session-state.ts';
import { claimedSigningTime } from '../../validation/cades/signing-time.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import type { SessionView } from '../support/prescription-system.ts';
import { document, fhirDocument, socialSecurityDocument } from '../support/prescriptions.ts';
import { SoftwarePhone, hash } from '../support/software-phone.ts';
import type { PhoneRequest } from '../support/software-phone.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// Whatever goes wrong between a clinic, a phone and some nodes: nothing is signed that the holder did not see.

t.test('faults of signature sessions', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }) => {
      const service = await openTestService({ opened, dataDirectory });
      const desk = await Desk.open(service);
      const part = (name: string, run: (t: Test, desk: Desk) => Promise<void>) =>
        t.test(name, (t) => run(t, desk));
      try {
        await part('the database goes the same ways as the code, and no other', transitions);
        await part('one request at a time for one certificate', oneAtATime);
        await part('a request that is repeated is one session', idempotency);
        await part('a phone that answers twice is answered alike; another answer is none', twice);
        await part('after its time nothing is signed', late);
        await part('a phone cannot answer for another', another);
        await part('what the phone shows has to be what is signed', display);
        await part('a key that signed something else has not signed', swapped);
        await part('a signature that was made before is not one again', replayed);
        await part('a wrong code ends the request', wrongCode);
        await part('the fifth wrong PIN blocks the certificate', wrongPins);
        await part('certificate and licence are looked at once more at the end', revokedMeanwhile);
        await part('a phone whose clock is wrong signs the time of the service', clocks);
        await part('a phone is known by its key, once for each nonce', signIns);
        await part('documents that could deceive are refused', deceptive);
      } finally {
        await service.close();
      }
      await t.test('another node goes on with a session when one has died', (t) =>
        nodes(t, { opened, dataDirectory }, desk),
      );
      await t.test('nodes whose clocks are minutes apart sign at one time, or not at all', (t) =>
        clocksOfNodes(t, { opened, dataDirectory }, desk),
      );
    },
    'first-start',
  );
});

interface Pair {
  doctor: IssuedDoctor;
  phone: SoftwarePhone;
}

class Desk {
  readonly service: TestService;
  readonly system: PrescriptionSystem;

  private constructor(service: TestService, system: PrescriptionSystem) {
    this.service = service;
    this.system = system;
  }

  static async open(service: TestService): Promise<Desk> {
    return new Desk(service, await PrescriptionSystem.register(service));
  }

  async doctor(): Promise<Pair> {
    const doctor = await issueDoctor(this.service);
    const phone = new SoftwarePhone(this.service.app, doctor);
    await phone.signIn();
    // Whatever time a test before has let pass.
    await this.system.authenticate();
    return { doctor, phone };
  }

  async ask({ doctor }: Pair, documents: object[] = [fhirDocument()], key?: string) {
    return this.system.ask({ holder: holderOf(doctor), documents }, key);
  }

  async state({ id }: Pick<SessionView, 'id'>): Promise<string> {
    return (await this.system.read(id)).body.state;
  }

  async fetched(pair: Pair, documents?: object[]): Promise<PhoneRequest> {
    const asked = await this.ask(pair, documents);
    if (asked.status !== 201) throw new Error(JSON.stringify(asked.body));
    return (await pair.phone.fetch())!;
  }

  /** Shown and confirmed: the next thing is to sign. */
  async ready(pair: Pair, documents?: object[]) {
    const request = await this.fetched(pair, documents);
    const screen = pair.phone.read(request);
    const { signingTime } = (await pair.phone.display(request, screen)).body;
    await pair.phone.confirm(request, screen.verificationCode);
    return { request, screen, signingTime };
  }

  async asOperator(doctor: IssuedDoctor, verb: string, payload?: object): Promise<number> {
    const cookie = await this.service.cookieOf('ca-operator');
    const url = `${doctor.path}/${verb}`;
    return (await this.service.app.inject({ method: 'POST', url, headers: { cookie }, payload })).statusCode;
  }
}

function holderOf(doctor: IssuedDoctor) {
  return { certificateSha256: hash(doctor.certificate.bytes).toString('hex') };
}

async function transitions(t: Test, { service }: Desk): Promise<void> {
  const rows = await service.house.stores.database.query<{ from_state: string; to_state: string }>({
    text: 'select from_state, to_state from signature_session_transition order by 1, 2',
  });
  const ways = SESSION_STATES.flatMap((from) =>
    TRANSITIONS[from].map((to) => ({ from_state: from, to_state: to })),
  );
  const byName = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
    `${a.from_state} ${a.to_state}` < `${b.from_state} ${b.to_state}` ? -1 : 1;
  t.strictSame(rows.sort(byName), ways.sort(byName));
}

async function oneAtATime(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const answers = await Promise.all(Array.from({ length: 5 }, () => desk.ask(pair)));
  t.strictSame(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409]);
  t.ok(answers.filter(({ status }) => status === 409).every(({ body }) => body.code === 'session-open'));
  desk.service.clock.advanceSeconds(179);
  t.equal((await desk.ask(pair)).status, 409);
  desk.service.clock.advanceSeconds(1);
  const next = await desk.ask(pair);
  t.equal(next.status, 201, 'one whose time is over is in nobody’s way');
  const first = answers.find(({ status }) => status === 201)!;
  t.equal(await desk.state(first.body), 'DEVICE_UNAVAILABLE', 'no phone came for it');
}

async function idempotency(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const documents = [fhirDocument()];
  const answers = await Promise.all(Array.from({ length: 4 }, () => desk.ask(pair, documents, 'form-1')));
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([201]));
  t.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
  await pair.phone.approve((await pair.phone.fetch())!);
  t.match((await desk.ask(pair, documents, 'form-1')).body, { id: answers[0].body.id, state: 'SIGNED' });
  t.match(await desk.ask(pair, [socialSecurityDocument()], 'form-1'), {
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
}

async function twice(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const { request, screen, signingTime } = await desk.ready(pair);
  const { phone } = pair;
  const values = phone.values(request, screen, signingTime);
  const answers = await Promise.all([1, 2, 3].map(() => phone.submit(request, values)));
  t.strictSame(
    answers.map(({ status, body }) => [status, body.state]),
    [1, 2, 3].map(() => [200, 'SIGNED']),
  );
  const before = (await desk.system.read(request.id)).body.signatures;
  const other = phone.values(request, screen, signingTime);
  t.match(await phone.submit(request, other), { status: 409, body: { code: 'session-state' } });
  t.match(await phone.refuse(request), { status: 409 });
  t.strictSame((await desk.system.read(request.id)).body.signatures, before);
  const evidence = await desk.service.house.stores.database.query({
    text: 'select from signature_evidence where session_id = $1',
    values: [request.id],
  });
  t.equal(evidence.length, 1);
}

async function late(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const { request, screen, signingTime } = await desk.ready(pair);
  const values = pair.phone.values(request, screen, signingTime);
  desk.service.clock.advanceSeconds(180);
  t.match(await pair.phone.submit(request, values), { status: 409, body: { code: 'session-state' } });
  t.match((await desk.system.read(request.id)).body, { state: 'TIMEOUT', signatures: undefined });
  t.equal(await pair.phone.fetch(), undefined);

  const inTime = await desk.ready(pair);
  desk.service.clock.advanceSeconds(179);
  const { phone } = pair;
  t.match(
    await phone.submit(inTime.request, phone.values(inTime.request, inTime.screen, inTime.signingTime)),
    { status: 200, body: { state: 'SIGNED' } },
    'a second before its end',
  );
}

async function another(t: Test, desk: Desk): Promise<void> {
  const [pair, stranger] = [await desk.doctor(), await desk.doctor()];
  const request = await desk.fetched(pair);
  const screen = stranger.phone.read(request);
  const unknown = { status: 404, body: { code: 'session-unknown' } };
  t.match(await stranger.phone.display(request, screen), unknown);
  const shown = await pair.phone.display(request, screen);
  t.match(await stranger.phone.confirm(request, screen.verificationCode), unknown);
  await pair.phone.confirm(request, screen.verificationCode);
  const values = stranger.phone.values(request, screen, shown.body.signingTime);
  t.match(await stranger.phone.submit(request, values), unknown);
  t.match(await stranger.phone.refuse(request), unknown);
  t.match(await stranger.phone.wrongPin(request), unknown);
  t.equal(await stranger.phone.fetch(), undefined);
  t.match(await pair.phone.submit(request, values), {
    status: 422,
    body: { code: 'device-signature-wrong' },
  });
  t.equal(await desk.state(request), 'ERROR', 'the right phone with the wrong key');
  const other = await PrescriptionSystem.register(desk.service, { id: 'his-2' });
  t.match(await other.read(request.id), unknown, 'and a relying party sees its own sessions only');
}

async function display(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const request = await desk.fetched(pair);
  const other = { ...request, documents: [{ ...request.documents[0], ...doubled() }] };
  t.match(await pair.phone.display(request, pair.phone.read(other)), {
    status: 409,
    body: { code: 'display-differs' },
  });
  t.match((await desk.system.read(request.id)).body, { state: 'ERROR', failure: 'display-differs' });
}

/** The same prescription with twice the capsules. */
function doubled() {
  return fhirDocument((json) => {
    const { entry } = json as {
      entry: { resource: { dispenseRequest?: { quantity: { value: number } } } }[];
    };
    entry.find(({ resource }) => resource.dispenseRequest)!.resource.dispenseRequest!.quantity.value = 42;
  });
}

async function swapped(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const { request, signingTime } = await desk.ready(pair);
  const { content } = doubled();
  const hashes = [hash(Buffer.from(content, 'base64'))];
  t.match(await pair.phone.submit(request, pair.phone.values(request, { hashes }, signingTime)), {
    status: 422,
    body: { code: 'device-signature-wrong' },
  });
  t.match((await desk.system.read(request.id)).body, { state: 'ERROR', failure: 'device-signature-wrong' });
  const two = await desk.ready(pair, [fhirDocument(), socialSecurityDocument()]);
  const values = pair.phone.values(two.request, two.screen, two.signingTime);
  t.match(await pair.phone.submit(two.request, values.slice(0, 1)), { status: 422 }, 'one of two');
  const again = await desk.ready(pair, [fhirDocument(), socialSecurityDocument()]);
  const crossed = pair.phone.values(again.request, again.screen, again.signingTime).reverse();
  t.match(await pair.phone.submit(again.request, crossed), { status: 422 }, 'in another order');
  const rubbish = await desk.ready(pair);
  t.match(await pair.phone.submit(rubbish.request, ['AAAA']), { status: 422 }, 'no signature at all');
}

async function replayed(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const first = await desk.ready(pair);
  const values = pair.phone.values(first.request, first.screen, first.signingTime);
  t.match(await pair.phone.submit(first.request, values), { status: 200 });
  // The clock stands still: the same document, certificate and signing time.
  const second = await desk.ready(pair);
  t.equal(second.signingTime, first.signingTime);
  t.match(await pair.phone.submit(second.request, values), {
    status: 409,
    body: { code: 'signature-replayed' },
  });
  t.equal(await desk.state(second.request), 'ERROR');
  desk.service.clock.advanceSeconds(1);
  const third = await desk.ready(pair);
  t.match(
    await pair.phone.submit(third.request, values),
    { status: 422 },
    'and a second later it is none at all',
  );
}

async function wrongCode(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const request = await desk.fetched(pair);
  const screen = pair.phone.read(request);
  const { codeChoices, signingTime } = (await pair.phone.display(request, screen)).body;
  const wrong = codeChoices.find((code) => code !== screen.verificationCode)!;
  t.match(await pair.phone.confirm(request, wrong), { status: 200, body: { state: 'WRONG_VC' } });
  t.equal(await desk.state(request), 'WRONG_VC');
  const values = pair.phone.values(request, screen, signingTime);
  t.match(await pair.phone.submit(request, values), { status: 409, body: { code: 'session-state' } });
}

async function wrongPins(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const { phone } = pair;
  const first = await desk.ready(pair);
  for (const triesLeft of [4, 3])
    t.match(await phone.wrongPin(first.request), { status: 200, body: { state: 'DISPLAYED', triesLeft } });
  t.match(await phone.submit(first.request, phone.values(first.request, first.screen, first.signingTime)), {
    status: 200,
  });
  const second = await desk.ready(pair);
  for (const triesLeft of [4, 3, 2])
    t.match((await phone.wrongPin(second.request)).body, { triesLeft }, 'a right one starts anew');
  await phone.refuse(second.request);
  const third = await desk.ready(pair);
  t.match(
    (await phone.wrongPin(third.request)).body,
    { triesLeft: 1 },
    'a request that was refused does not',
  );
  t.match((await phone.wrongPin(third.request)).body, { triesLeft: 0, state: 'PIN_BLOCKED' });
  t.equal(await desk.state(third.request), 'PIN_BLOCKED');
  t.match(await desk.ask(pair), { status: 409, body: { code: 'credential-blocked' } });
  t.equal((await phone.signIn()).status, 401);
}

async function revokedMeanwhile(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const { request, screen, signingTime } = await desk.ready(pair);
  t.equal(await desk.asOperator(pair.doctor, 'hold'), 200);
  t.match(await pair.phone.submit(request, pair.phone.values(request, screen, signingTime)), {
    status: 409,
    body: { code: 'credential-not-valid' },
  });
  t.match((await desk.system.read(request.id)).body, {
    state: 'CERT_REVOKED',
    failure: 'credential-not-valid',
  });
  t.match(await desk.ask(pair), { status: 409, body: { code: 'credential-not-valid' } });
  t.equal(await desk.asOperator(pair.doctor, 'release'), 200);
  await desk.ask(pair);
  await suspend(desk, pair.doctor);
  t.equal(await pair.phone.fetch(), undefined, 'a phone is not even shown it');
  t.match(await desk.ask(pair), { status: 409, body: { code: 'licence-not-active' } });
  const stranger = { certificateSha256: '00'.repeat(32) };
  t.match(await desk.system.ask({ holder: stranger, documents: [fhirDocument()] }), {
    status: 404,
    body: { code: 'credential-unknown' },
  });
}

/** As the Medical Council's message leaves it, before the certificates have followed. */
async function suspend({ service }: Desk, { body }: IssuedDoctor): Promise<void> {
  const { councilNumber, nationalId } = body.applicant;
  await service.house.stores.database.query({
    text: `insert into licence_holder (council_group, council_digits, national_id, standing, last_sequence,
        last_message_id, changed_at)
      values ($1, $2, $3, 'suspended', 1, 'letter-1', now())
      on conflict (council_group, council_digits) do update set standing = 'suspended'`,
    values: [councilNumber.group, councilNumber.digits, nationalId],
  });
}

async function clocks(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const { request, screen, signingTime } = await desk.ready(pair);
  const now = desk.service.clock.now().getTime();
  t.ok(now - new Date(signingTime).getTime() < 1000);
  const ahead = new Date(now + 7 * 60_000).toISOString();
  t.match(
    await pair.phone.submit(request, pair.phone.values(request, screen, ahead)),
    { status: 422 },
    'a time of its own is not what is signed',
  );
  const shownAgain = await desk.ready(pair);
  desk.service.clock.advanceSeconds(20);
  const again = await pair.phone.display(shownAgain.request, shownAgain.screen);
  t.equal(
    again.body.signingTime,
    shownAgain.signingTime,
    'after a reload it is the time of the first display',
  );
}

async function signIns(t: Test, desk: Desk): Promise<void> {
  const { doctor, phone } = await desk.doctor();
  const { nonce } = (await phone.send<{ nonce: string }>('POST', '/challenges', {})).body;
  t.equal((await phone.signIn({ nonce })).status, 201);
  t.equal((await phone.signIn({ nonce })).status, 401, 'a nonce is used once');
  const old = (await phone.send<{ nonce: string }>('POST', '/challenges', {})).body.nonce;
  desk.service.clock.advanceSeconds(120);
  t.equal((await phone.signIn({ nonce: old })).status, 401, 'within two minutes');
  t.equal((await phone.signIn({ nonce: 'A'.repeat(43) })).status, 401, 'and is one of ours');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const thief = new SoftwarePhone(desk.service.app, { ...doctor, signer: { ...doctor.signer, privateKey } });
  t.match(
    await thief.signIn(),
    { status: 401, body: { code: 'device-not-accepted' } },
    'the certificate is public',
  );
  t.equal((await thief.send('GET', '/signature-session')).status, 401);
  t.equal((await phone.send('DELETE', '/sign-ins/current')).status, 204);
  t.match(await phone.send('GET', '/signature-session'), {
    status: 401,
    body: { code: 'device-token-invalid' },
  });
}

async function deceptive(t: Test, desk: Desk): Promise<void> {
  const pair = await desk.doctor();
  const text = Buffer.from(fhirDocument().content, 'base64').toString();
  const refused: Record<string, [mediaType: string, text: string]> = {
    'a name that comes twice': ['application/fhir+json', text.replace('"value":21', '"value":21,"value":42')],
    'text that turns around': ['application/fhir+json', text.replace('Amoxicillin', '\u202eAmoxicillin')],
    'what is not FHIR': ['application/fhir+json', '{"resourceType":"Patient"}'],
    'an entity': [
      'application/fhir+xml',
      '<!DOCTYPE x [<!ENTITY a "b">]><Bundle xmlns="http://hl7.org/fhir"/>',
    ],
    'no JSON': ['application/json', '{"noteDetailEprscs":'],
  };
  for (const [name, [mediaType, changed]] of Object.entries(refused)) {
    const asked = await desk.ask(pair, [document('نسخه', mediaType, changed)]);
    t.match(asked, { status: 422, body: { code: 'document-unreadable' } }, name);
  }
  const many = Array.from({ length: 21 }, () => fhirDocument());
  t.match(await desk.ask(pair, many), { status: 400 }, 'more than twenty');
  t.equal((await desk.ask(pair, many.slice(1))).status, 201, 'twenty');
}

async function nodes(
  t: Test,
  { opened, dataDirectory }: Pick<Parameters<typeof openTestService>[0], 'opened' | 'dataDirectory'>,
  { system, service }: Desk,
): Promise<void> {
  const { clock } = service;
  const first = await openTestService({ opened, dataDirectory, clock });
  const doctor = await issueDoctor(first);
  const phone = new SoftwarePhone(first.app, doctor);
  await phone.signIn();
  const clinic = system.at(first.app);
  await clinic.authenticate();
  const documents = [fhirDocument()];
  const { id } = (await clinic.ask({ holder: holderOf(doctor), documents })).body;
  const request = (await phone.fetch())!;
  const screen = phone.read(request);
  const { signingTime } = (await phone.display(request, screen)).body;
  await first.close();

  const second = await openTestService({ opened, dataDirectory, clock });
  try {
    const [later, there] = [phone.at(second.app), clinic.at(second.app)];
    t.match(await later.confirm(request, screen.verificationCode), { status: 200 });
    const values = later.values(request, screen, signingTime);
    t.match(await later.submit(request, values), { status: 200, body: { state: 'SIGNED' } });
    t.match((await there.read(id)).body, { state: 'SIGNED', signatures: [String] });
  } finally {
    await second.close();
  }
}

/** A session begins at one node and comes to another whose clock is wrong; one after the other, they share a connection. */
async function clocksOfNodes(
  t: Test,
  { opened, dataDirectory }: Pick<Parameters<typeof openTestService>[0], 'opened' | 'dataDirectory'>,
  { system, service }: Desk,
): Promise<void> {
  const minutes = (count: number) => {
    const clock = new ManualClock(service.clock.now());
    clock.advanceSeconds(count * 60);
    return clock;
  };
  const right = await openTestService({ opened, dataDirectory, clock: service.clock });
  const clinic = system.at(right.app);
  const doctors = [await issueDoctor(right), await issueDoctor(right)];
  // Else certificates of today are of the future where a clock is behind.
  service.clock.advanceSeconds(600);
  await clinic.authenticate();
  const begun = [];
  for (const doctor of doctors) {
    const phone = new SoftwarePhone(right.app, doctor);
    await phone.signIn();
    const { id } = (await clinic.ask({ holder: holderOf(doctor), documents: [fhirDocument()] })).body;
    const request = (await phone.fetch())!;
    const screen = phone.read(request);
    const { signingTime } = (await phone.display(request, screen)).body;
    await phone.confirm(request, screen.verificationCode);
    begun.push({ id, phone, request, values: phone.values(request, screen, signingTime), signingTime });
  }
  await right.close();
  const [early, late] = begun;

  const behind = await openTestService({ opened, dataDirectory, clock: minutes(-4) });
  t.match(await early.phone.at(behind.app).submit(early.request, early.values), {
    status: 200,
    body: { state: 'SIGNED' },
  });
  const [signature] = (await clinic.at(behind.app).read(early.id)).body.signatures!;
  await behind.close();
  const [signer] = parseSignedData(Buffer.from(signature, 'base64')).signerInfos;
  t.equal(
    claimedSigningTime(signer)?.toISOString(),
    new Date(early.signingTime).toISOString(),
    'the time is that of the node that had it displayed',
  );

  const ahead = await openTestService({ opened, dataDirectory, clock: minutes(4) });
  t.match(await late.phone.at(ahead.app).submit(late.request, late.values), {
    status: 409,
    body: { code: 'session-state' },
  });
  t.match((await clinic.at(ahead.app).read(late.id)).body, { state: 'TIMEOUT', signatures: undefined });
  await ahead.close();
}
