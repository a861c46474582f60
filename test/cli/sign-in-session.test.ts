import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { signInSession } from '../../cli/sign/sign-in-session.ts';
import type { SessionOrder } from '../../cli/sign/sign-in-session.ts';
import { readSignLine } from '../../cli/sign/sign-line.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument, writtenBy } from '../support/prescriptions.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { onOneService } from '../support/test-service.ts';

await onOneService(t, async (t, service) => {
  const { app, clock } = service;
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(app, doctor);
  await phone.signIn();
  const system = await PrescriptionSystem.register(service);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await system.addKey(publicKey);
  const clientKeyFile = join(t.testdir(), 'client.pem');
  writeFileSync(clientKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { councilNumber: holder } = doctor.body.applicant;
  // The service of the tests has no socket: what is sent to its address goes into the application.
  const { fetch: real } = globalThis;
  globalThis.fetch = (async (url: string, { method = 'GET', headers, body }: RequestInit = {}) => {
    const form = body instanceof URLSearchParams;
    const response = await app.inject({
      method: method as 'GET',
      url: url.replace('http://mohr.test', ''),
      headers: {
        ...(headers as Record<string, string>),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body && { payload: String(body as string) }),
    });
    return new Response(response.rawPayload, { status: response.statusCode });
  }) as typeof fetch;
  t.teardown(() => (globalThis.fetch = real));

  const codes: string[] = [];
  const order = (over: Partial<SessionOrder>): SessionOrder => ({
    key: { service: 'http://mohr.test', client: system.id, clientKeyFile, holder },
    content: Buffer.from('a letter\r\n'),
    title: 'letter.txt',
    format: 'cades',
    clock,
    onCode: (code) => codes.push(code),
    ...over,
  });
  const confirm = async () => {
    const request = (await phone.fetch(5))!;
    const screen = phone.read(request);
    const shown = await phone.display(request, screen);
    await phone.confirm(request, screen.verificationCode);
    await phone.submit(request, phone.values(request, screen, shown.body.signingTime));
    return screen;
  };

  await t.test('a prescription is shown on the phone, signed, and fetched', async (t) => {
    const document = fhirDocument(writtenBy(holder, clock.now()));
    const content = Buffer.from(document.content, 'base64');
    const signing = signInSession(order({ content, mimeType: document.mediaType }));
    const screen = await confirm();
    const { content: enveloped } = parseSignedData(await signing);
    t.same(enveloped, content);
    t.same(codes, [screen.verificationCode], 'who asks sees the same code');
  });

  await t.test('of anything else the hash is signed, by its name', async (t) => {
    const signing = signInSession(order({}));
    await confirm();
    t.equal(parseSignedData(await signing).content, undefined, 'detached');
  });

  await t.test('refusals are told', async (t) => {
    const signing = signInSession(order({}));
    const request = (await phone.fetch(5))!;
    await phone.refuse(request);
    await t.rejects(signing, { code: 'session-ended', message: /USER_REFUSED/ });
    const stranger = { ...order({}).key, client: 'nobody' };
    await t.rejects(signInSession(order({ key: stranger })), { code: 'session-refused' });
  });
});

t.test('the command line names who asks whom', (t) => {
  const flags = ['--session', 'http://mohr.test/', '--client', 'his-1', '--client-key', 'his.key', 'file'];
  t.match(readSignLine([...flags, '--holder', 'physician:123456'], undefined)?.key, {
    service: 'http://mohr.test',
    client: 'his-1',
    holder: { group: 'physician', digits: '123456' },
  });
  t.equal(readSignLine(flags, undefined), undefined, 'whose phone');
  t.equal(readSignLine([...flags, '--holder', '123456'], undefined), undefined, 'of which group');
  t.end();
});
