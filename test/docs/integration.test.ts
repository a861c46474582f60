import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import t from 'tap';
import type { Test } from 'tap';

import { PACKAGE_ROOT } from '../../cli/package-root.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { fhirDocument, writtenBy } from '../support/prescriptions.ts';
import { blocksOf } from '../support/readme-blocks.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onListeningService } from '../support/on-listening-service.ts';
import type { TestService } from '../support/test-service.ts';

const guide = readFileSync(join(PACKAGE_ROOT, 'docs', 'INTEGRATION.md'), 'utf8');
const TSX = join(PACKAGE_ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');

/** The block that a reader would copy. */
function block(name: string): string {
  const found = blocksOf(guide).find(({ info }) => info.endsWith(` run ${name}`));
  if (!found) throw new Error(`no block ${name}`);
  return found.text;
}

t.test('the examples of the guide get a signature', (t) => onListeningService(t, integrate));

async function integrate(t: Test, service: TestService, publicUrl: string): Promise<void> {
  const folder = temporaryFolder(t);
  const { callback, received } = await receiver(t);
  const { stdout: jwk } = await promisify(execFile)('sh', ['-e', '-c', block('key')], { cwd: folder });
  await registered(service, JSON.parse(jwk) as object, callback);
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(service.app, doctor);
  await phone.signIn();
  const { content } = fhirDocument(writtenBy(doctor.body.applicant.councilNumber, service.clock.now()));
  writeFileSync(join(folder, 'prescription.json'), Buffer.from(content, 'base64'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(folder, 'node_modules'));
  const { digits } = doctor.body.applicant.councilNumber;
  const env = { ...process.env, MOHR: publicUrl, HIS: 'his-guide', COUNCIL: digits, CALLBACK: callback };
  const run = (program: string, args: string[], input = '') =>
    start(program, args, { cwd: folder, env }, input);
  const typescript = (name: string, input?: string) => {
    writeFileSync(join(folder, `${name}.ts`), block(name));
    return run(process.execPath, [TSX, `${name}.ts`], input);
  };

  const withCurl = await whilePhoneSigns(
    phone,
    run('bash', ['-e', '-c', `${block('token')}\n${block('curl')}`]),
  );
  t.match(withCurl, /^code on the doctor's phone: \d{4}\nSIGNED\nTOTAL-PASSED\n$/);
  const [, secret] = /#pair=(.{43})\n$/.exec(
    await run('bash', ['-e', '-c', `${block('token')}\n${block('pairing')}`]),
  )!;
  t.match(await phone.send('POST', '/pairings', { secret }), { status: 200, body: { state: 'CREATED' } });
  t.match(await phone.approve((await phone.fetch())!), { status: 200, body: { state: 'SIGNED' } });
  const withTypescript = await whilePhoneSigns(phone, typescript('typescript'));
  t.match(withTypescript, /^code on the doctor's phone: \d{4}\nSIGNED\n$/);
  const verified = runOpenssl(['cms', '-verify', '-noverify', '-in', 'prescription.p7m', '-inform', 'DER'], {
    cwd: folder,
  });
  t.strictSame(verified, readFileSync(join(folder, 'prescription.json')));
  t.match(await typescript('callback', await received), /^[0-9a-f-]{36} SIGNED\n$/);
}

/** Output of a program that waits for a signature, which the phone gives as soon as it is asked. */
async function whilePhoneSigns(phone: SoftwarePhone, running: Promise<string>): Promise<string> {
  const ended = running.then(() => 'ended' as const);
  for (;;) {
    const request = await Promise.race([phone.fetch(25), ended]);
    if (request === 'ended') return running;
    if (request) return phone.approve(request).then(() => running);
  }
}

async function start(
  program: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
  input: string,
): Promise<string> {
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  const output = text(child.stdout);
  await once(child, 'close');
  return output;
}

async function registered(service: TestService, jwk: object, callback: string): Promise<void> {
  const cookie = await service.cookieOf('ca-operator');
  const send = async (url: string, payload: object) => {
    const answer = await service.app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { cookie },
      payload,
    });
    if (answer.statusCode !== 201) throw new Error(answer.body);
  };
  const terms = { displayedName: 'Guide', patientView: 'masked', callbackUrls: [callback] };
  await send('/relying-parties', { id: 'his-guide', ...terms });
  await send('/relying-parties/his-guide/credentials', { jwk });
}

async function receiver(t: Test): Promise<{ callback: string; received: Promise<string> }> {
  const server = createServer();
  const received = new Promise<string>((resolve) =>
    server.on('request', (request, response) => {
      void text(request).then(resolve);
      response.writeHead(204).end();
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { callback: `http://127.0.0.1:${(server.address() as AddressInfo).port}/done`, received };
}
