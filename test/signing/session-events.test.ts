import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import t from 'tap';
import type { Test } from 'tap';

import { SessionBell } from '../../signing/sessions/session-bell.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

t.test('a phone that listens is told of each request once', async (t) => {
  await onOneService(t, (t, service) => listening(t, service));
});

async function listening(t: Test, service: TestService): Promise<void> {
  const { app } = service;
  const system = await PrescriptionSystem.register(service);
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(app, doctor);
  const { token } = (await phone.signIn()).body;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const headers = { authorization: `Bearer ${token}` };
  const sent = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/device/events', headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  t.equal(response.headers['content-type'], 'text/event-stream');
  const events = new EventReader(response);
  await events.until(': listening');
  const { councilNumber } = doctor.body.applicant;
  const ask = async () =>
    (await system.ask({ holder: { councilNumber }, documents: [fhirDocument()] })).body.id;
  const first = await ask();
  await events.until(`event: request\nid: ${first}\n`);
  t.equal((await phone.refuse((await phone.fetch())!)).status, 200);
  const second = await ask();
  await events.until(`event: request\nid: ${second}\n`);
  t.equal(events.text.split('event: request').length - 1, 2);
  const ended = once(response, 'close');
  await app.close();
  await ended;
  t.pass('a service that stops ends the stream');
}

class EventReader {
  text = '';
  readonly #response: IncomingMessage;

  constructor(response: IncomingMessage) {
    this.#response = response;
    response.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
      response.emit('told');
    });
  }

  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) await once(this.#response, 'told');
  }
}

t.test('a bell', async (t) => {
  await t.test('wakes who waits, here and elsewhere', async (t) => {
    const elsewhere = new SessionBell();
    const here = new SessionBell(async (topics) => elsewhere.hear(topics));
    const box: { found?: string } = {};
    const waits = [here, elsewhere].map((bell) => bell.waitFor('a', 60_000, async () => box.found));
    box.found = 'found';
    here.ring('a');
    t.strictSame(await Promise.all(waits), ['found', 'found']);
    here.close();
  });
  await t.test('is heard between reading and waiting', async (t) => {
    const bell = new SessionBell();
    let reads = 0;
    const found = await bell.waitFor('a', 60_000, async () => {
      reads += 1;
      if (reads === 2) return 'found';
      bell.ring('a');
      return undefined;
    });
    t.equal(found, 'found');
  });
  await t.test('a signal, an end and no time leave nobody waiting', async (t) => {
    const bell = new SessionBell();
    const gone = new AbortController();
    const nothing = async () => undefined;
    t.equal(await bell.waitFor('a', 0, nothing), undefined);
    const waits = [bell.waitFor('a', 60_000, nothing, gone.signal), bell.waitFor('b', 60_000, nothing)];
    setImmediate(() => {
      gone.abort();
      bell.close();
    });
    t.strictSame(await Promise.all(waits), [undefined, undefined]);
  });
});
