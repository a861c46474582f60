import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import { buildApp } from '../../api/app.ts';
import { readTls } from '../../cli/read-tls.ts';
import { encodePem } from '../../pki/pem.ts';
import { sendAs } from '../support/approve.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A service that listens with TLS, and what is shown to it by curl. */
class Listener {
  readonly folder: string;
  readonly #base: string;

  constructor(folder: string, port: number) {
    this.folder = folder;
    this.#base = `https://localhost:${port}/api/v1`;
  }

  /** `shown`: the client certificate's files, by the name before their endings. */
  async ask(path: string, more: { shown?: string; body?: object; cookie?: string } = {}) {
    const { shown, body, cookie } = more;
    const args = [
      ...['-sS', '--cacert', 'server.pem', '-i'],
      ...(shown ? ['--cert', `${shown}.pem`, '--key', `${shown}.key`] : []),
      ...(body ? ['-H', 'content-type: application/json', '-d', JSON.stringify(body)] : []),
      ...(cookie ? ['-H', `cookie: ${cookie}`] : []),
      this.#base + path,
    ];
    const { stdout } = await promisify(execFile)('curl', args, { cwd: this.folder });
    const [head, text] = stdout.split('\r\n\r\n');
    return {
      status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
      cookie: /^set-cookie: ([^;]+)/im.exec(head)?.[1],
      isSecure: /^set-cookie: .*; Secure/im.test(head),
      body: JSON.parse(text) as {
        code?: string;
        method?: string;
        credentials?: number;
        officer?: { id: string };
      },
    };
  }

  signIn(shown?: string) {
    return this.ask('/sessions', { ...(shown && { shown }), body: { certificate: true } });
  }
}

t.test('signing in with a client certificate, over a real socket', async (t) => {
  await onOneService(t, async (t, service) => {
    const folder = temporaryFolder(t);
    const openssl = (...args: string[]) => runOpenssl(args, { cwd: folder });
    const san = ['-addext', 'subjectAltName=DNS:localhost'];
    openssl(
      'req',
      '-x509',
      ...EC,
      '-keyout',
      'server.key',
      '-out',
      'server.pem',
      '-subj',
      '/CN=localhost',
      ...san,
    );
    const files = {
      certificateFile: join(folder, 'server.pem'),
      keyFile: join(folder, 'server.key'),
      port: 1,
    };
    const tls = await readTls(files, service.house.hierarchy);
    const app = await buildApp(service.house.services, {
      logger: pino({ level: 'silent' }),
      version: '0.0.0',
      tls,
    });
    try {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const listener = new Listener(folder, (app.server.address() as AddressInfo).port);
      const officerId = await certified(service, folder);
      await accepted(t, listener, officerId);
      await refused(t, listener, service);
      await ended(t, listener, service, officerId);
    } finally {
      await app.close();
    }
  });
});

/** A clerk's certificate, `officer.pem`, asked for and confirmed. */
async function certified({ app, cookieOf }: TestService, folder: string): Promise<string> {
  runOpenssl(['req', '-new', ...EC, '-keyout', 'officer.key', '-out', 'officer.csr', '-subj', '/CN=x'], {
    cwd: folder,
  });
  const [clerk, operator] = [
    sendAs(app, await cookieOf('clerk')),
    sendAs(app, await cookieOf('ca-operator')),
  ];
  const certificationRequest = readFileSync(join(folder, 'officer.csr'), 'utf8');
  const asked = await clerk('POST', '/api/v1/officer-certificates', { certificationRequest });
  const { id, officerId } = asked.body as { id: string; officerId: string };
  await operator('POST', `/api/v1/officer-changes/${id}/confirm`);
  const { body } = await clerk('GET', '/api/v1/officer-certificates');
  writeFileSync(
    join(folder, 'officer.pem'),
    (body as { items: { certificate: string }[] }).items[0].certificate,
  );
  return officerId;
}

async function accepted(t: Test, listener: Listener, officerId: string): Promise<void> {
  const signedIn = await listener.signIn('officer');
  t.match(signedIn, {
    status: 201,
    isSecure: true,
    body: { method: 'certificate', credentials: 1, officer: { id: officerId } },
  });
  const { cookie } = signedIn;
  const shown = 'officer';
  t.match(await listener.ask('/sessions/current', { shown, cookie: cookie! }), { status: 200 });
  t.match(
    await listener.ask('/sessions/current', { cookie: cookie! }),
    { status: 401, body: { code: 'session-invalid' } },
    'the cookie alone opens nothing: the session is bound to the certificate',
  );
}

async function refused(t: Test, listener: Listener, service: TestService): Promise<void> {
  const { folder } = listener;
  const no = { status: 401, body: { code: 'certificate-not-accepted' } };
  t.match(await listener.signIn(), no, 'no certificate');
  runOpenssl(
    ['req', '-x509', ...EC, '-keyout', 'made-up.key', '-out', 'made-up.pem', '-subj', '/CN=officer'],
    { cwd: folder },
  );
  t.match(await listener.signIn('made-up'), no, 'one that nobody has issued');
  const doctor = await issueDoctor(service);
  writeFileSync(join(folder, 'doctor.pem'), encodePem('CERTIFICATE', doctor.certificate.bytes));
  writeFileSync(
    join(folder, 'doctor.key'),
    doctor.signer.privateKey.export({ format: 'pem', type: 'pkcs8' }),
  );
  t.match(await listener.signIn('doctor'), no, "a doctor's, from the same house");
  const plain = await service.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: { certificate: true },
  });
  t.equal(plain.json<{ code: string }>().code, 'certificate-not-accepted', 'without TLS');
}

/** Its officer is removed, in the middle of a session. */
async function ended(t: Test, listener: Listener, service: TestService, officerId: string): Promise<void> {
  const { cookie } = await listener.signIn('officer');
  const [manager, operator] = [
    sendAs(service.app, await service.cookieOf('office-manager')),
    sendAs(service.app, await service.cookieOf('ca-operator')),
  ];
  const proposed = await manager('POST', '/api/v1/officer-changes', { kind: 'remove', officerId });
  const { id } = proposed.body as { id: string };
  t.match(await operator('POST', `/api/v1/officer-changes/${id}/confirm`), { status: 200 });
  t.match(await listener.ask('/sessions/current', { shown: 'officer', cookie: cookie! }), { status: 401 });
  t.match(await listener.signIn('officer'), { status: 401, body: { code: 'certificate-not-accepted' } });
  const restored = await manager('POST', '/api/v1/officer-changes', { kind: 'restore', officerId });
  await operator('POST', `/api/v1/officer-changes/${(restored.body as { id: string }).id}/confirm`);
  t.match(
    await listener.signIn('officer'),
    { status: 401, body: { code: 'certificate-not-accepted' } },
    'what was revoked stays revoked when the officer comes back',
  );
}
