import { createPublicKey, verify } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import { expireUnaccepted } from '../../ra/acceptance/expire-unaccepted.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { expireHolds } from '../../ra/holds/expire-holds.ts';
import { NEXT_STEPS, PERSONALISATION_STEPS, nextStep } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationStep } from '../../ra/personalisation/personalisation.ts';
import { sweepPersonalisations } from '../../ra/personalisation/sweep-personalisations.ts';
import { ActivationDesk } from '../support/activation-desk.ts';
import { applicationBody } from '../support/applications.ts';
import { CardDesk, cardKey, payloadOf, written } from '../support/card-desk.ts';
import type { CardAnswer } from '../support/card-desk.ts';
import { onBothServices, onOneService } from '../support/test-service.ts';

const AGENT = { agentId: 'agent-of-the-test' };
const SWEEPER = { kind: 'service', id: 'test' } as const;
const MINUTE = 60;

t.test('what comes next follows from the card and the application', async (t) => {
  const reached = new Set<string>();
  const steps: PersonalisationStep[] = Object.values(PERSONALISATION_STEPS);
  for (const { to } of steps)
    for (const state of [undefined, 'draft', 'submitted', 'activation', 'issued', 'rejected'] as const)
      reached.add(nextStep(to, state));
  reached.add(nextStep('open', 'draft'));
  t.strictSame([...reached].sort(), [...NEXT_STEPS].sort(), 'each is the next one sometimes');
  t.equal(nextStep('written', 'expired'), 'roll-back');
  t.equal(nextStep('completed', 'accepted'), 'none');
});

t.test('personalisation', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: CardDesk) => Promise<void>) =>
      t.test(name, (t) => run(t, new CardDesk(service)));
    await part('from the stock to the receipt, each step asked for again', wholeWay);
    await part(
      'a certificate that nobody has confirmed goes on hold, and is released when it is tested',
      sweep,
    );
    await part('a lost card’s certificates go on hold, a replaced one’s are revoked', lostAndReplaced);
  });
});

t.test('personalisation, refusals', async (t) => {
  await onOneService(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: CardDesk) => Promise<void>) =>
      t.test(name, (t) => run(t, new CardDesk(service)));
    await part('steps and tickets follow the table', outOfOrder);
    await part('signatures of other keys, and over other things, do not count', forged);
    await part('given up, an untouched card goes back, another is spoiled, a certificate revoked', givenUp);
    await part('what is issued for a card that was given up goes on hold', issuedForNobody);
    await part('a case that is rejected leaves nothing behind', rejected);
    await part('a second pair of keys goes onto the same card', secondPair);
    await part('a ticket is for one agent, one session and five minutes', tickets);
  });
});

/** A draft with a card out of the stock. */
async function opened(desk: CardDesk, serial: string, override: object = {}) {
  const { profile, applicant } = await applicationBody({ profile: 'signing-card' });
  const form = { draft: true, profile, applicant, delivery: 'card', ...override };
  const draft = await desk.done('clerk', 'POST', '/applications', form);
  const { id } = await desk.done('clerk', 'POST', '/personalisations', {
    applicationId: draft.id,
    cardSerial: serial,
    keyType: 'p-256',
  });
  return { applicationId: draft.id, path: `/personalisations/${id}`, key: cardKey() };
}
type Opened = Awaited<ReturnType<typeof opened>>;

/** The same with PIN and key. */
async function keyMade(desk: CardDesk, serial: string, override: object = {}): Promise<Opened> {
  const one = await opened(desk, serial, override);
  await desk.done('clerk', 'POST', `${one.path}/pin`);
  await desk.done('clerk', 'POST', `${one.path}/request`, { certificationRequest: await one.key.request() });
  return one;
}

/** Filed, approved, and issued by the code that the holder says. */
async function issue(desk: CardDesk, { applicationId }: Opened): Promise<void> {
  const draft = await desk.done('clerk', 'GET', `/applications/${applicationId}`);
  await desk.done('clerk', 'POST', `/applications/${applicationId}/submit`, { version: draft.version });
  const counter = new ActivationDesk(desk.service);
  await counter.take(applicationId, { mobile: '09990000001' });
  const code = await counter.approveAndRead(applicationId);
  await desk.done('clerk', 'POST', `/applications/${applicationId}/activation`, { code });
}

async function ticket(desk: CardDesk, { path }: Opened, operation: string) {
  const { ticket } = await desk.done('clerk', 'POST', `${path}/tickets`, { ...AGENT, operation });
  return payloadOf(ticket);
}

async function write(desk: CardDesk, one: Opened) {
  const { readBack, leaf } = written(await ticket(desk, one, 'write-certificates'));
  await desk.done('clerk', 'POST', `${one.path}/written`, { readBack });
  return leaf;
}

async function test(desk: CardDesk, one: Opened, leaf: Awaited<ReturnType<typeof write>>): Promise<void> {
  const { input } = await ticket(desk, one, 'test');
  await desk.done('clerk', 'POST', `${one.path}/tested`, {
    signature: await one.key.sign(input.content, leaf),
  });
}

async function handOver(desk: CardDesk, serial: string, override: object = {}): Promise<Opened> {
  const one = await keyMade(desk, serial, override);
  await issue(desk, one);
  const leaf = await write(desk, one);
  await test(desk, one, leaf);
  const { input } = await ticket(desk, one, 'receipt');
  await desk.done('clerk', 'POST', `${one.path}/receipt`, {
    signature: await one.key.sign(input.content, leaf),
  });
  return one;
}

async function statusOf(desk: CardDesk, { applicationId }: Opened): Promise<string[]> {
  const { directory } = desk.service.house.stores;
  const [{ authorityId, serialNumber }] = await directory.search({
    applicationId: applicationId as ApplicationId,
    limit: 1,
  });
  const history = await directory.historyOf(authorityId, serialNumber);
  return history.map(({ event, reason }) => (reason ? `${event} ${reason}` : event));
}

async function wholeWay(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['W1']);
  const one = await opened(desk, 'W1');
  const again = { applicationId: one.applicationId, cardSerial: 'W1' };
  t.match(await desk.ask('clerk', 'POST', '/personalisations', again), {
    status: 200,
    body: { next: 'set-pin', card: { state: 'reserved' }, keyType: 'p-256', purpose: 'signing' },
  });
  /** Each report twice: the second one finds it done. */
  const report = async (step: string, payload?: object) => {
    const first = await desk.done('clerk', 'POST', `${one.path}/${step}`, payload);
    t.match(await desk.done('clerk', 'POST', `${one.path}/${step}`, payload), first, `${step}, again`);
    return first;
  };
  t.match(await ticket(desk, one, 'set-pin'), { operation: 'set-pin', input: { cardSerial: 'W1' } });
  t.match(await report('pin'), { state: 'pin-set', next: 'make-key' });
  t.match((await ticket(desk, one, 'make-key')).input, { keyType: 'p-256', purpose: 'signing' });
  const certificationRequest = await one.key.request();
  t.match(await report('request', { certificationRequest }), {
    state: 'key-made',
    next: 'submit',
    card: { state: 'personalised' },
  });
  const drafted = await desk.done('clerk', 'GET', `/applications/${one.applicationId}`);
  t.match(
    drafted,
    { draft: { certificationRequest: /BEGIN CERTIFICATE REQUEST/ } },
    'the draft names the key',
  );
  await issue(desk, one);
  t.match(await desk.done('clerk', 'GET', one.path), { next: 'write', applicationState: 'issued' });

  const order = await ticket(desk, one, 'write-certificates');
  t.equal(order.input.certificates.length, 2, 'the certificate and its CA, without the root');
  const { readBack, leaf } = written(order);
  t.ok(leaf.subjectPublicKeyInfo.equals(one.key.signer.subjectPublicKeyInfo));
  t.match(await report('written', { readBack }), { state: 'written', next: 'test' });
  const testing = await ticket(desk, one, 'test');
  t.strictSame((await ticket(desk, one, 'test')).input.content, testing.input.content, 'one challenge');
  t.match(JSON.parse(Buffer.from(testing.input.content, 'base64').toString()), {
    type: 'mohr-card-test-1',
    card: 'W1',
  });
  t.match(await report('tested', { signature: await one.key.sign(testing.input.content, leaf) }), {
    next: 'receive',
  });
  const receipt = (await ticket(desk, one, 'receipt')).input.content;
  t.match(JSON.parse(Buffer.from(receipt, 'base64').toString()), {
    type: 'mohr-card-receipt-1',
    application: one.applicationId,
    certificate: { serialNumber: leaf.serialNumber.toString('hex') },
  });
  t.match(await report('receipt', { signature: await one.key.sign(receipt, leaf) }), {
    state: 'completed',
    next: 'none',
    applicationState: 'accepted',
    card: { state: 'handed-over' },
  });
  const papers = await desk.done('clerk', 'GET', `/applications/${one.applicationId}/evidence`);
  t.match(papers.items, [{ kind: 'card-receipt', mediaType: 'application/cms' }]);
  const file = await desk.done('clerk', 'GET', `/cards/${(await desk.cardOf('W1')).id}`);
  t.strictSame(
    file.changes.map(({ action }) => action),
    ['assign', 'reserve', 'personalise', 'hand-over'],
  );
  t.match(file.certificates, [{ serialNumber: leaf.serialNumber.toString('hex'), status: { kind: 'good' } }]);
  const { items } = await desk.done('clerk', 'GET', '/personalisations');
  t.strictSame(items, [], 'nothing is under way any more');
  await t.rejects(
    desk.service.house.stores.database.query({ text: `update personalisation set version = version + 1` }),
    /are kept/,
  );
}

async function sweep(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['S1', 'S2']);
  const { personalisation } = desk.service.house.services;
  const one = await keyMade(desk, 'S1');
  await issue(desk, one);
  const leaf = await write(desk, one);
  desk.passTime(15 * MINUTE - 2);
  t.equal(await sweepPersonalisations(personalisation, SWEEPER), 0, 'not before its time');
  desk.passTime(3);
  t.equal(await sweepPersonalisations(personalisation, SWEEPER), 1);
  t.equal(await sweepPersonalisations(personalisation, SWEEPER), 0, 'once');
  t.strictSame(await statusOf(desk, one), ['issued', 'held certificateHold']);
  const certificate = `/certificates/silver/${leaf.serialNumber.toString('hex')}`;
  t.match(await desk.done('clerk', 'GET', certificate), { holdCauses: [{ cause: 'unconfirmed' }] });
  t.equal(await desk.refused('ca-operator', 'POST', `${certificate}/release`), 'card-not-written');
  desk.passTime(8 * 24 * 60 * MINUTE);
  const onHoldFailure = (error: unknown) => t.fail(String(error));
  t.equal(await expireHolds({ ...personalisation, onHoldFailure }), 0);
  t.strictSame(await statusOf(desk, one), ['issued', 'held certificateHold'], 'a week does not end it');
  await test(desk, one, leaf);
  t.strictSame(await statusOf(desk, one), ['issued', 'held certificateHold', 'released']);

  const other = await keyMade(desk, 'S2');
  await issue(desk, other);
  desk.passTime(61 * 24 * 60 * MINUTE);
  await sweepPersonalisations(personalisation, SWEEPER);
  const { unaccepted } = desk.service.house.stores;
  await expireUnaccepted({ ...personalisation, unaccepted }, SWEEPER);
  const ends = ['issued', 'held certificateHold', 'revoked cessationOfOperation'];
  t.strictSame(await statusOf(desk, other), ends, 'nobody has received it in 60 days');
  t.equal(await sweepPersonalisations(personalisation, SWEEPER), 2, 'both cases have ended');
  t.match(await desk.done('clerk', 'GET', other.path), { state: 'abandoned', card: { state: 'spoiled' } });
}

async function lostAndReplaced(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['L1', 'L2', 'L3']);
  const { applicant } = await applicationBody();
  const one = await handOver(desk, 'L1', { applicant });
  t.match(await desk.change('clerk', 'L1', 'block-pin'), { body: { state: 'pin-blocked' } });
  t.match(await desk.change('clerk', 'L1', 'unblock-pin'), { body: { state: 'handed-over' } });
  t.match(await desk.change('clerk', 'L1', 'lose', { note: 'by telephone' }), { body: { state: 'lost' } });
  t.strictSame(await statusOf(desk, one), ['issued', 'held certificateHold']);
  t.match(await desk.change('clerk', 'L1', 'replace'), { body: { code: 'role-missing' } });
  t.match(await desk.change('ca-operator', 'L1', 'replace'), { body: { state: 'replaced' } });
  t.strictSame(await statusOf(desk, one), ['issued', 'held certificateHold', 'revoked superseded']);
  const next = await handOver(desk, 'L2', { applicant });
  t.strictSame(await statusOf(desk, next), ['issued'], 'the same holder, with another card');
  const found = await handOver(desk, 'L3');
  await desk.change('clerk', 'L3', 'lose');
  t.match(await desk.change('ca-operator', 'L3', 'find'), { body: { state: 'handed-over' } });
  t.strictSame(await statusOf(desk, found), ['issued', 'held certificateHold'], 'which releases nothing');
  t.match(await desk.change('ca-operator', 'L3', 'destroy'), { body: { state: 'destroyed' } });
  t.strictSame((await statusOf(desk, found)).at(-1), 'revoked cessationOfOperation');
}

async function outOfOrder(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['T1', 'T2']);
  const one = await opened(desk, 'T1');
  const stranger = await desk.stranger();
  t.equal(await desk.refused(stranger, 'GET', one.path), 'personalisation-unknown');
  const other = { applicationId: one.applicationId, cardSerial: 'T2' };
  t.equal(await desk.refused('clerk', 'POST', '/personalisations', other), 'personalisation-open');
  const phone = await desk.done('clerk', 'POST', '/applications', { draft: true, profile: 'signing-phone' });
  const wrong = { applicationId: phone.id, cardSerial: 'T2' };
  t.equal(await desk.refused('clerk', 'POST', '/personalisations', wrong), 'personalisation-profile');
  const ticketRefused = (operation: string) =>
    desk.refused('clerk', 'POST', `${one.path}/tickets`, { ...AGENT, operation });
  for (const operation of ['make-key', 'write-certificates', 'test', 'receipt', 'destroy-keys'])
    t.equal(await ticketRefused(operation), 'personalisation-state', operation);
  const certificationRequest = await one.key.request();
  t.equal(
    await desk.refused('clerk', 'POST', `${one.path}/request`, { certificationRequest }),
    'personalisation-state',
  );
  await desk.done('clerk', 'POST', `${one.path}/pin`);
  await desk.done('clerk', 'POST', `${one.path}/request`, { certificationRequest });
  t.equal(await ticketRefused('write-certificates'), 'personalisation-not-issued');
  const another = { certificationRequest: await cardKey().request() };
  t.equal(await desk.refused('clerk', 'POST', `${one.path}/request`, another), 'personalisation-key');
  const broken = { certificationRequest: Buffer.from('nothing').toString('base64') };
  t.equal(
    await desk.refused('clerk', 'POST', `${one.path}/request`, broken),
    'certification-request-malformed',
  );
  t.equal(await ticketRefused('test'), 'personalisation-state');
}

async function forged(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['F1']);
  const one = await keyMade(desk, 'F1');
  await issue(desk, one);
  const { readBack, leaf } = written(await ticket(desk, one, 'write-certificates'));
  const refused = (step: string, payload: object) =>
    desk.refused('clerk', 'POST', `${one.path}/${step}`, payload);
  t.equal(await refused('written', { readBack: [...readBack].reverse() }), 'card-not-written');
  await desk.done('clerk', 'POST', `${one.path}/written`, { readBack });
  const nothing = Buffer.from('{}').toString('base64');
  t.equal(
    await refused('tested', { signature: await one.key.sign(nothing, leaf) }),
    'personalisation-state',
    'no test was asked for',
  );
  const { input } = await ticket(desk, one, 'test');
  t.equal(await refused('tested', { signature: await one.key.sign(nothing, leaf) }), 'card-signature-wrong');
  t.equal(await refused('tested', { signature: nothing }), 'card-signature-wrong');
  const thief = cardKey();
  const impostor = { ...leaf, subjectPublicKeyInfo: thief.signer.subjectPublicKeyInfo };
  t.equal(
    await refused('tested', { signature: await thief.sign(input.content, impostor) }),
    'card-signature-wrong',
  );
  await test(desk, one, leaf);
  await ticket(desk, one, 'receipt');
  t.equal(
    await refused('receipt', { signature: await one.key.sign(input.content, leaf) }),
    'card-signature-wrong',
    'a test is no receipt',
  );
}

async function givenUp(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['G1', 'G2', 'G3']);
  const untouched = await opened(desk, 'G1');
  t.match(await desk.done('clerk', 'POST', `${untouched.path}/abandon`), {
    state: 'abandoned',
    card: { state: 'in-stock' },
  });
  const anew = await desk.done('clerk', 'POST', '/personalisations', {
    applicationId: untouched.applicationId,
    cardSerial: 'G1',
  });
  t.match(anew, { state: 'open', keyType: 'rsa-2048' }, 'the same case begins again');
  const withKey = await keyMade(desk, 'G2');
  t.match(await desk.done('clerk', 'POST', `${withKey.path}/abandon`), { card: { state: 'spoiled' } });
  t.match(await ticket(desk, withKey, 'destroy-keys'), {
    input: { cardSerial: 'G2', purposes: ['signing'] },
  });
  const issued = await keyMade(desk, 'G3');
  await issue(desk, issued);
  await desk.done('clerk', 'POST', `${issued.path}/abandon`);
  t.strictSame(await statusOf(desk, issued), ['issued', 'revoked cessationOfOperation']);
  t.match(await desk.ask('clerk', 'POST', `${issued.path}/pin`), { body: { code: 'personalisation-state' } });
}

/** Given up while the code was under way, and activated all the same. */
async function issuedForNobody(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['N1']);
  const one = await keyMade(desk, 'N1');
  await desk.done('clerk', 'POST', `${one.path}/abandon`);
  await issue(desk, one);
  desk.passTime(16 * MINUTE);
  t.equal(await sweepPersonalisations(desk.service.house.services.personalisation, SWEEPER), 1);
  t.strictSame(await statusOf(desk, one), ['issued', 'held certificateHold']);
}

async function rejected(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['R1']);
  const one = await keyMade(desk, 'R1');
  const draft = await desk.done('clerk', 'GET', `/applications/${one.applicationId}`);
  await desk.done('clerk', 'POST', `/applications/${one.applicationId}/submit`, { version: draft.version });
  await desk.done('clerk', 'POST', `/applications/${one.applicationId}/withdraw`, { version: 1 });
  t.match(await desk.done('clerk', 'GET', one.path), { next: 'roll-back' });
  t.equal(await sweepPersonalisations(desk.service.house.services.personalisation, SWEEPER), 1);
  t.match(await desk.done('clerk', 'GET', one.path), { state: 'abandoned', card: { state: 'spoiled' } });
}

async function secondPair(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['A1']);
  const { applicant } = await applicationBody();
  const first = await keyMade(desk, 'A1', { applicant });
  const draft = await desk.done('clerk', 'GET', `/applications/${first.applicationId}`);
  await desk.done('clerk', 'POST', `/applications/${first.applicationId}/submit`, { version: draft.version });
  const second = await opened(desk, 'A1', { applicant, profile: 'authentication' });
  t.match(await desk.done('clerk', 'GET', second.path), {
    purpose: 'authentication',
    card: { state: 'personalised' },
  });
  t.match(await desk.done('clerk', 'POST', `${second.path}/abandon`), {
    card: { state: 'personalised' },
  });
  await t.rejects(opened(desk, 'A1'), /card-state/, 'and nobody else’s');
}

async function tickets(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['K1']);
  const one = await opened(desk, 'K1');
  const place: CardAnswer = await desk.done('clerk', 'GET', '/card-agent');
  t.match(place, { url: 'http://127.0.0.1:28447', ticketKey: { kty: 'OKP', crv: 'Ed25519' } });
  const key = createPublicKey({ key: place.ticketKey as never, format: 'jwk' });
  const ask = async (operation: string) => {
    const { ticket } = await desk.done('clerk', 'POST', `${one.path}/tickets`, { ...AGENT, operation });
    const [header, payload, signature] = ticket.split('.');
    t.ok(verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')));
    t.strictSame(JSON.parse(Buffer.from(header, 'base64url').toString()), { alg: 'EdDSA' });
    return payloadOf(ticket);
  };
  const [first, second] = [await ask('set-pin'), await ask('set-pin')];
  t.match(first, { iss: 'https://mohr.test', aud: AGENT.agentId, operation: 'set-pin' });
  t.equal(first.exp - first.iat, 300);
  t.not(first.jti, second.jti);
  t.equal(first.sessionId, second.sessionId);
  t.notMatch(await desk.cookieOf('clerk'), first.sessionId, 'which is not the cookie');
  const readers = await desk.done('clerk', 'POST', '/card-agent/tickets', AGENT);
  t.match(payloadOf(readers.ticket), { operation: 'list-readers', input: {} });
  const { id } = await desk.cardOf('K1');
  const unblock = await desk.done('clerk', 'POST', `/cards/${id}/tickets`, {
    ...AGENT,
    operation: 'unblock-pin',
  });
  t.match(payloadOf(unblock.ticket), { operation: 'unblock-pin', input: { cardSerial: 'K1' } });
  const stranger = await desk.stranger();
  const theirs = { ...AGENT, operation: 'read-card' };
  t.equal(await desk.refused(stranger, 'POST', `/cards/${id}/tickets`, theirs), 'card-unknown');
}
