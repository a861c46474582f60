import { createECDH } from 'node:crypto';

import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import t from 'tap';
import type { Test } from 'tap';

import { encryptPush } from '../../messages/encrypt-push.ts';
import { openWebPushSender } from '../../messages/web-push-sender.ts';
import { isAllowedEndpoint, isPushHostPattern } from '../../signing/push/push-hosts.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { PushBrowser, PushReceiver } from '../support/push-receiver.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

t.test('a message is encrypted as RFC 8291 §5 shows it', async (t) => {
  const text = 'When I grow up, I want to be a watermelon';
  const browser = new PushBrowser({
    privateKey: octets('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
    authSecret: octets('BTBZMqHH6r4Tts7J_aSIgg'),
  });
  const key = createECDH('prime256v1');
  key.setPrivateKey(octets('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'));
  const { keys } = browser.subscription('');
  t.equal(
    keys.p256dh,
    'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  );
  const receiver = { p256dh: octets(keys.p256dh), authSecret: octets(keys.auth) };
  const body = encryptPush(Buffer.from(text), receiver, { salt: octets('DGv6ra1nlYgDCS1FRnbzlw'), key });
  t.equal(
    body.toString('base64url'),
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_' +
      'yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
  t.equal((await browser.open(body)).toString(), text);
  const again = encryptPush(Buffer.from(text), receiver);
  t.notSame(again, body, 'salt and key are new for each message');
  t.equal((await browser.open(again)).toString(), text);
});

t.test('only push services that the deployment names are called', async (t) => {
  const hosts = ['fcm.googleapis.com', '*.push.apple.com', 'push.internal:8443'];
  const allowed = [
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://api.push.apple.com/x',
    'https://push.internal:8443/x',
  ];
  const refused = [
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com:8080/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evil.example/fcm.googleapis.com',
    'https://evilpush.apple.com/x',
    'https://push.apple.com/x',
    'https://user@fcm.googleapis.com/x',
    'https://fcm.googleapis.com/x#y',
    'https://push.internal/x',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/x',
    'file:///etc/passwd',
    'no address',
    `https://fcm.googleapis.com/${'x'.repeat(1_000)}`,
  ];
  for (const endpoint of allowed) t.equal(isAllowedEndpoint(endpoint, hosts), true, endpoint);
  for (const endpoint of refused) t.equal(isAllowedEndpoint(endpoint, hosts), false, endpoint.slice(0, 60));
  for (const text of hosts) t.equal(isPushHostPattern(text), true, text);
  for (const text of ['', '*', '*.', 'https://x', 'a b', 'x/y', 'a.*'])
    t.equal(isPushHostPattern(text), false, text);
});

t.test('phones are woken', async (t) => {
  await onBothDatabases(t, woken, 'first-start');
});

interface Clinic {
  service: TestService;
  receiver: PushReceiver;
  system: PrescriptionSystem;
}

interface Subscribed {
  doctor: IssuedDoctor;
  phone: SoftwarePhone;
  browser: PushBrowser;
}

async function woken(t: Test, { opened, dataDirectory, database }: OpenedDatabase): Promise<void> {
  const receiver = await PushReceiver.listen(t);
  const sender = openWebPushSender({ ca: receiver.ca, isAllowedAddress: () => true });
  const push = { sender, hosts: [receiver.host], contact: 'mailto:operator@council.example.org' };
  const service = await openTestService({ opened, dataDirectory, push });
  const clinic = { service, receiver, system: await PrescriptionSystem.register(service) };
  const key = await pushKeyOf(service);
  try {
    await t.test('by a message that says nothing of anybody', (t) => message(t, clinic));
    await t.test('again while the push service is busy, within the life of the session', (t) =>
      busy(t, clinic),
    );
    await t.test('where the push service fails, a phone that polls has the request', (t) =>
      polled(t, clinic),
    );
    await t.test('not where the subscription has gone', (t) => gone(t, clinic));
    await t.test('not after signing out', (t) => signedOut(t, clinic));
    await t.test('only by subscriptions that can be', (t) => refusals(t, clinic));
  } finally {
    await service.close();
    sender.close();
  }
  const left = await database.query({ text: 'select from push_delivery' });
  t.equal(left.length, 0, 'nothing waits any more');

  const quiet = await openTestService({ opened, dataDirectory, clock: service.clock });
  try {
    const asked = await quiet.app.inject({ url: '/api/v1/device/push-key' });
    t.match(asked, { statusCode: 404 }, 'a deployment that wakes nobody has no key to tell');
    t.equal(asked.json<{ code: string }>().code, 'push-not-offered');
  } finally {
    await quiet.close();
  }
  const later = await openTestService({ opened, dataDirectory, clock: service.clock, push });
  t.equal(await pushKeyOf(later), key, 'the key outlives the process');
  await later.close();
}

async function message(t: Test, clinic: Clinic): Promise<void> {
  const subscribed = await subscribe(clinic);
  const id = await ask(clinic, subscribed);
  const { path, headers, body } = await clinic.receiver.next();
  t.equal(path, '/send/1');
  t.match(headers, { ttl: '180', urgency: 'high', 'content-encoding': 'aes128gcm', topic: /^[\w-]{1,32}$/ });
  const payload = JSON.parse((await subscribed.browser.open(body)).toString()) as Record<string, unknown>;
  const expiresAt = new Date(clinic.service.clock.now().getTime() + 180_000).toISOString();
  t.strictSame(payload, { type: 'signature-request', expiresAt });
  const [, token, sent] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? '') ?? [];
  t.equal(sent, await pushKeyOf(clinic.service));
  const point = octets(sent);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const verified = await jwtVerify(token, await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256'), {
    audience: `https://${clinic.receiver.host}`,
    subject: 'mailto:operator@council.example.org',
    currentDate: clinic.service.clock.now(),
  });
  t.ok(
    verified.payload.exp! * 1000 - clinic.service.clock.now().getTime() <= 24 * 3600 * 1000,
    'RFC 8292 §2',
  );
  t.strictSame(decodeProtectedHeader(token), { alg: 'ES256', typ: 'JWT' });
  const request = (await subscribed.phone.fetch())!;
  t.equal(request.id, id);
  t.match(await subscribed.phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
}

async function busy(t: Test, clinic: Clinic): Promise<void> {
  const subscribed = await subscribe(clinic);
  clinic.receiver.answers.push({ status: 503 }, { status: 429, headers: { 'retry-after': '30' } });
  await ask(clinic, subscribed);
  t.equal((await clinic.receiver.next()).headers.ttl, '180');
  clinic.service.clock.advanceSeconds(5);
  t.equal((await clinic.receiver.next()).headers.ttl, '175');
  clinic.service.clock.advanceSeconds(30);
  t.equal((await clinic.receiver.next()).headers.ttl, '145', 'as the push service wishes');
  await subscribed.phone.refuse((await subscribed.phone.fetch())!);
}

async function polled(t: Test, clinic: Clinic): Promise<void> {
  const subscribed = await subscribe(clinic);
  const { phone } = subscribed;
  clinic.receiver.answers.push({ status: 500 });
  const waiting = phone.fetch(25);
  const id = await ask(clinic, subscribed);
  const request = (await waiting)!;
  t.equal(request.id, id, 'by the long poll, whatever became of the push');
  await clinic.receiver.next();
  t.match(await phone.approve(request), { status: 200, body: { state: 'SIGNED' } });
  t.match((await clinic.system.read(id)).body, { state: 'SIGNED' });

  await phone.send('DELETE', '/push-subscription');
  const waitingUntold = phone.fetch(25);
  const untold = await ask(clinic, subscribed);
  t.equal((await waitingUntold)!.id, untold, 'and a phone that nobody can wake');
  t.ok(clinic.receiver.isEmpty);
  await phone.refuse((await phone.fetch())!);
}

async function gone(t: Test, clinic: Clinic): Promise<void> {
  const subscribed = await subscribe(clinic);
  clinic.receiver.answers.push({ status: 410 });
  await ask(clinic, subscribed);
  await clinic.receiver.next();
  while ((await subscriptions(clinic, subscribed)) > 0) await new Promise(setImmediate);
  t.pass('it is dropped');
  await subscribed.phone.refuse((await subscribed.phone.fetch())!);
  await ask(clinic, subscribed);
  t.ok(clinic.receiver.isEmpty);
  await subscribed.phone.refuse((await subscribed.phone.fetch())!);
}

async function signedOut(t: Test, clinic: Clinic): Promise<void> {
  const subscribed = await subscribe(clinic);
  const { phone } = subscribed;
  t.equal((await put(clinic, subscribed, '/send/2')).status, 204);
  t.equal(await subscriptions(clinic, subscribed), 1, 'one for each sign-in');
  t.equal((await phone.send('DELETE', '/push-subscription')).status, 204);
  t.equal((await phone.send('DELETE', '/push-subscription')).status, 204, 'done is done');
  t.equal(await subscriptions(clinic, subscribed), 0);
  await put(clinic, subscribed, '/send/3');
  await phone.send('DELETE', '/sign-ins/current');
  t.equal(await subscriptions(clinic, subscribed), 0, 'the sign-in takes it along');
  await phone.signIn();
  await put(clinic, subscribed, '/send/4');
  await phone.signIn();
  await put(clinic, subscribed, '/send/4');
  t.equal(await subscriptions(clinic, subscribed), 1, 'one browser is woken once');
  await ask(clinic, subscribed);
  t.equal((await clinic.receiver.next()).path, '/send/4');
  await phone.refuse((await phone.fetch())!);
}

async function refusals(t: Test, clinic: Clinic): Promise<void> {
  const subscribed = await subscribe(clinic);
  const { phone, browser } = subscribed;
  const key = await pushKeyOf(clinic.service);
  const good = { ...browser.subscription(`https://${clinic.receiver.host}/x`), applicationServerKey: key };
  const send = (change: object) => phone.send('PUT', '/push-subscription', { ...good, ...change });
  t.match(await send({ endpoint: 'https://127.0.0.1/x' }), {
    status: 403,
    body: { code: 'push-endpoint-not-allowed' },
  });
  const offCurve = `BA${'A'.repeat(85)}`;
  t.match(await send({ keys: { ...good.keys, p256dh: offCurve } }), {
    status: 422,
    body: { code: 'push-subscription-malformed' },
  });
  t.match(await send({ applicationServerKey: good.keys.p256dh }), {
    status: 409,
    body: { code: 'push-key-unknown' },
  });
  t.equal((await send({ more: 1 })).status, 400);
  await phone.send('DELETE', '/sign-ins/current');
  t.equal((await send({})).status, 401);
}

async function subscribe(clinic: Clinic): Promise<Subscribed> {
  const doctor = await issueDoctor(clinic.service);
  const phone = new SoftwarePhone(clinic.service.app, doctor);
  await phone.signIn();
  await clinic.system.authenticate();
  const subscribed = { doctor, phone, browser: new PushBrowser() };
  const { status } = await put(clinic, subscribed, '/send/1');
  if (status !== 204) throw new Error(`the subscription was answered by ${status}`);
  return subscribed;
}

async function put({ service, receiver }: Clinic, { phone, browser }: Subscribed, path: string) {
  const applicationServerKey = await pushKeyOf(service);
  const subscription = browser.subscription(`https://${receiver.host}${path}`);
  return phone.send('PUT', '/push-subscription', { ...subscription, applicationServerKey });
}

async function ask({ system }: Clinic, { doctor }: Subscribed): Promise<string> {
  const { councilNumber } = doctor.body.applicant;
  const { status, body } = await system.ask({ holder: { councilNumber }, documents: [fhirDocument()] });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

async function subscriptions({ service }: Clinic, { doctor }: Subscribed): Promise<number> {
  const rows = await service.house.stores.database.query({
    text: 'select from push_subscription where serial_number = $1',
    values: [doctor.certificate.serialNumber],
  });
  return rows.length;
}

async function pushKeyOf({ app }: Pick<TestService, 'app'>): Promise<string> {
  const { key } = (await app.inject({ url: '/api/v1/device/push-key' })).json<{ key: string }>();
  return key;
}

function octets(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
