import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';

import { HttpClient } from '../../cli/demo/http-client.ts';
import { startService } from '../../cli/demo/service-process.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { MOHR } from '../support/start-mohr.ts';

// A first start makes a database, a hierarchy, responders and an office. Killed as soon as a file appears, on one data
// directory, ever later; then it is left alone.

const MOMENTS = [
  'database.incomplete/PG_VERSION',
  'keys/bronze-',
  // Of the second responder: the first one is recorded by then.
  'keys/ocsp-silver-',
];
const LOOK_MILLISECONDS = 2;
/** A start takes some seconds; one that takes this long hangs. */
const START_MILLISECONDS_MAX = 60_000;

t.test('a first start that was killed again and again ends like any other', async (t) => {
  const folder = temporaryFolder(t);
  for (const moment of MOMENTS) t.equal(await startAndKill(folder, moment), 'killed', moment);
  const service = await startService(folder);
  t.teardown(() => service.stop());
  t.equal(service.loginLinks.length, 5, 'one office with its five officers');

  const anyone = new HttpClient(service.publicUrl);
  t.match(await anyone.json('GET', '/ready'), { status: 200, body: { ready: true } });
  const { items } = (await anyone.json('GET', '/api/v1/authorities')).body;
  t.strictSame(items.map(({ id }) => id).sort(), ['bronze', 'root', 'silver'], 'one hierarchy');
  const [root, ...issuing] = ['root', 'bronze', 'silver'].map((id) => {
    const pem = items.find((item) => item.id === id)!.certificate;
    return parseCertificate(decodePem(pem, ['CERTIFICATE'])[0].bytes);
  });
  for (const { issuer } of issuing) t.ok(issuer.bytes.equals(root.subject.bytes));
  const clerk = new HttpClient(service.publicUrl);
  await clerk.signIn(service.loginLinks[0]);
  for (const id of ['bronze', 'silver', 'root']) await anyone.download(`/crl/${id}.crl`);
  const used = items.length - 1;
  const left = readdirSync(join(folder, 'keys')).filter((name) => /^(bronze|silver)-/.test(name));
  t.ok(left.length >= used, 'keys of interrupted ceremonies lie there unused');
});

/** Starts the service and kills it when a file with this beginning appears. */
async function startAndKill(folder: string, moment: string): Promise<'killed' | 'ended' | 'hung'> {
  const args = [...MOHR, 'serve', '--port', '1', '--data-dir', folder];
  const service = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = once(service, 'exit');
  const before = matches(folder, moment);
  for (let waited = 0; waited < START_MILLISECONDS_MAX; waited += LOOK_MILLISECONDS) {
    if (service.exitCode !== null) return 'ended';
    if (matches(folder, moment) > before) {
      service.kill('SIGKILL');
      await ended;
      return 'killed';
    }
    await delay(LOOK_MILLISECONDS);
  }
  service.kill('SIGKILL');
  await ended;
  return 'hung';
}

/** How many files are there; an earlier attempt may have left some. */
function matches(folder: string, moment: string): number {
  const path = join(folder, moment);
  const name = path.slice(dirname(path).length + 1);
  try {
    return readdirSync(dirname(path)).filter((file) => file.startsWith(name)).length;
  } catch {
    return 0;
  }
}
