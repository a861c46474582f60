import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import t from 'tap';
import type { Test } from 'tap';

import { PACKAGE_ROOT } from '../../cli/package-root.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { blocksOf } from '../support/readme-blocks.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onListeningService } from '../support/on-listening-service.ts';
import type { TestService } from '../support/test-service.ts';

/** The block of a guide that a reader would copy. */
function block(guide: string, name: string): string {
  const blocks = blocksOf(readFileSync(join(PACKAGE_ROOT, 'docs', guide), 'utf8'));
  return blocks.find(({ info }) => info.endsWith(` run ${name}`))!.text;
}

t.test('the example of the guide to the CSC API gets a signature', (t) => onListeningService(t, sign));

async function sign(t: Test, service: TestService, publicUrl: string): Promise<void> {
  const cwd = temporaryFolder(t);
  const { stdout } = await promisify(execFile)('sh', ['-e', '-c', block('INTEGRATION.md', 'key')], { cwd });
  await register(service, JSON.parse(stdout) as object);
  const doctor = await issueDoctor(service);
  const phone = new SoftwarePhone(service.app, doctor);
  await phone.signIn();
  writeFileSync(join(cwd, 'letter.pdf'), '%PDF-1.7 of a discharge letter');
  const { digits } = doctor.body.applicant.councilNumber;
  const env = { ...process.env, MOHR: publicUrl, HIS: 'his-csc', COUNCIL: digits };
  const child = spawn('bash', ['-e', '-c', block('CSC.md', 'csc')], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  const request = await phone.fetch(25);
  if (request) await phone.approve(request);
  await once(child, 'close');
  t.match(await output, /^code on the doctor's phone: \d{4}\nCMS Verification successful\n$/);
}

async function register(service: TestService, jwk: object): Promise<void> {
  const cookie = await service.cookieOf('ca-operator');
  const send = async (url: string, payload: object) => {
    const request = { method: 'POST', url: `/api/v1${url}`, headers: { cookie }, payload } as const;
    const answer = await service.app.inject(request);
    if (answer.statusCode !== 201) throw new Error(answer.body);
  };
  const terms = { displayedName: 'Guide', patientView: 'masked', callbackUrls: [] };
  await send('/relying-parties', { id: 'his-csc', ...terms });
  await send('/relying-parties/his-csc/credentials', { jwk });
}
