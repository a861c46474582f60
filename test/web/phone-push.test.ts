import { setTimeout as pause } from 'node:timers/promises';

import t from 'tap';
import type { Test } from 'tap';

import type { PushMessage } from '../../signing/push/send-pushes.ts';
import { press, sees } from '../support/console-acts.ts';
import { PhonePlace, ends, touchCode, typePin } from '../support/phone-place.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';
import { readRecords } from './phone-enrolment.cases.ts';

/** Of 50 ms. */
const LOOKS_AFTER_EACH = 100;

const sent: PushMessage[] = [];
const push = {
  hosts: ['fcm.googleapis.com'],
  sender: { send: async (message: PushMessage) => (sent.push(message), { kind: 'taken' as const }) },
};

async function wakesAndPairs(t: Test, service: TestService): Promise<void> {
  const place = await PhonePlace.open(t, service);
  await t.test('a push is shown, and names nobody', (t) => isTold(t, place));
  await t.test('where push fails and events are held up, the page polls', (t) => polls(t, place));
  await t.test("a code of the clinic's screen is read by the phone that is there", (t) => pairs(t, place));
  await t.test('no page breaks its policy, asks another origin for anything, or fails', async (t) => {
    t.strictSame(place.faults(), []);
  });
}

/** A browser without a push service of its own: what it would answer, with a real key. */
const SUBSCRIBE = `
  let subscription = null;
  PushManager.prototype.getSubscription = async () => subscription;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const url = (octets) => btoa(String.fromCharCode(...new Uint8Array(octets))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const p256dh = url(await crypto.subtle.exportKey('raw', publicKey));
    const auth = url(crypto.getRandomValues(new Uint8Array(16)));
    const json = { endpoint: 'https://fcm.googleapis.com/fcm/send/test', expirationTime: null, keys: { p256dh, auth } };
    const binary = atob(applicationServerKey.replaceAll('-', '+').replaceAll('_', '/'));
    const key = Uint8Array.from(binary, (one) => one.charCodeAt(0)).buffer;
    subscription = {
      options: { applicationServerKey: key },
      toJSON: () => json,
      unsubscribe: async () => ((subscription = null), true),
    };
    return subscription;
  };`;

/** The holder asks to be told, the service takes the subscription, and a push is shown without a word of whom it is about. */
async function isTold(t: Test, place: PhonePlace): Promise<void> {
  const activation = await place.activation();
  const phone = await place.phone({ language: 'en' });
  const { page, context, devtools } = phone;
  await context.grantPermissions(['notifications'], { origin: place.origin });
  await context.addInitScript(SUBSCRIBE);
  const registrations: string[] = [];
  devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: all }) =>
    registrations.push(...all.map(({ registrationId }) => registrationId)),
  );
  await devtools.send('ServiceWorker.enable');
  await place.enrolOn(phone, activation, 'en');
  const kept = page.waitForResponse((one) => one.url().endsWith('/push-subscription'));
  await press(page, 'en', 'phone.push-action');
  t.equal((await kept).status(), 204, 'the service has it');
  await sees(page, 'en', 'phone.push-on');

  const registrationId = registrations.at(-1)!;
  const shown = () =>
    page.evaluate<string[]>(`navigator.serviceWorker.ready
      .then((one) => one.getNotifications())
      .then((all) => all.map(({ title, body }) => title + ' ' + body))`);
  // As a push service does, again until it is seen: DevTools does not say whether the worker took it.
  const arrives = async (data: string, count: number) => {
    for (let looks = 0; (await shown()).length !== count; looks += 1) {
      if (looks % LOOKS_AFTER_EACH === 0)
        await devtools.send('ServiceWorker.deliverPushMessage', {
          origin: place.origin,
          registrationId,
          data,
        });
      await pause(50);
    }
  };
  // What the service sends, once it has something to say.
  await place.ask(activation, { documents: [fhirDocument()] });
  await sees(page, 'en', 'phone.code-title');
  while (sent.length === 0) await pause(50);
  t.equal(sent[0].endpoint, 'https://fcm.googleapis.com/fcm/send/test');
  const payload = sent[0].payload.toString();
  await arrives(payload, 1);
  const [text] = await shown();
  t.match(text, /A signature is asked for/);
  t.notOk(text.includes(activation.applicant.surname), 'it names nobody');
  t.notOk(payload.includes(activation.applicant.surname), 'nor does what was sent');
  await arrives(JSON.stringify({ type: 'signature-request', expiresAt: '2020-01-01T00:00:00.000Z' }), 0);
  await press(page, 'en', 'phone.refuse');
  await ends(page, 'en', 'USER_REFUSED');
  await press(page, 'en', 'phone.done');
  await press(page, 'en', 'phone.push-end');
  await sees(page, 'en', 'phone.push-text');
}

/** A push service that is not to be had, and a proxy that lets no events through: the page asks by itself. */
async function polls(t: Test, place: PhonePlace): Promise<void> {
  const activation = await place.activation();
  const phone = await place.phone({ language: 'en' });
  const { page, context } = phone;
  await context.grantPermissions(['notifications'], { origin: place.origin });
  await context.addInitScript(
    `PushManager.prototype.subscribe = () => Promise.reject(new DOMException('no push service', 'AbortError'));`,
  );
  let events = 0;
  await page.route('**/api/v1/device/events', async (route) => {
    events += 1;
    // What a proxy answers that buffers: something, and no events.
    await route.fulfill({ status: 502, contentType: 'text/plain', body: 'bad gateway' });
  });
  const polled = page.waitForRequest((one) => one.url().includes('/device/signature-session?wait=25'));
  await place.enrolOn(phone, activation, 'en');
  await press(page, 'en', 'phone.push-action');
  await page.getByRole('alert').first().waitFor();
  await polled;
  const told = sent.length;
  const code = await place.ask(activation, { documents: [fhirDocument()] });
  await touchCode(page, 'en', code);
  await typePin(page, 'en');
  await ends(page, 'en', 'SIGNED');
  await place.clinicSees('SIGNED');
  t.ok(events > 0, 'events were tried first');
  t.equal(sent.length, told, 'and nobody was woken');
  // The gateway's answers are what this case is about, and no faults of the page.
  phone.faults.splice(0);
}

/** A code on the clinic's screen, read by whichever phone is there: its holder signs. */
async function pairs(t: Test, place: PhonePlace): Promise<void> {
  const phone = await place.enrolled({ language: 'fa' });
  const { page, addresses } = phone;
  await page.goto('/phone#pair=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  await sees(page, 'fa', 'phone-problem.pairing-unknown');
  place.clinic.next = { pairing: true, documents: [fhirDocument()] };
  const code = await place.press();
  const { pairing } = place.clinic.asked as unknown as { pairing: { uri: string } };
  const { pathname, hash } = new URL(pairing.uri);
  t.equal(pathname, '/phone');

  // Thirty days are over: the phone is unlocked first, and remembers what was read.
  const forget = `(async () => {
    const database = await new Promise((resolve) => (indexedDB.open('mohr-phone').onsuccess = ({ target }) => resolve(target.result)));
    const transaction = database.transaction('phone', 'readwrite');
    transaction.objectStore('phone').delete('login');
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
  })()`;
  await page.evaluate(forget);
  await page.goto('/seal.svg');
  await page.goto(pathname + hash);
  t.equal(new URL(page.url()).hash, '');
  await sees(page, 'fa', 'phone.pairing-waits');
  await typePin(page, 'fa');
  await touchCode(page, 'fa', code);
  await typePin(page, 'fa');
  await ends(page, 'fa', 'SIGNED');
  await place.clinicSees('SIGNED');
  t.notOk(addresses.join().includes(hash.slice('#pair='.length)), 'the code stands in no address');
  t.match(await page.evaluate(`(${readRecords})().then(({ login }) => typeof login.token)`), 'string');
}

await onOneService(t, wakesAndPairs, { push });
