import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { MOHR } from '../support/start-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DEMO_MILLISECONDS_MAX = 100_000;

const LEFT = [
  'root.pem',
  'issuer.pem',
  'chain.pem',
  'doctor.pem',
  'doctor.key',
  'ocsp-good.der',
  'ocsp-revoked.der',
  'crl.der',
  'validation-good.json',
  'validation-on-hold.json',
  'validation-restored.json',
  'validation-revoked.json',
  'validation-earlier-during-hold.json',
  'validation-earlier-after-revocation.json',
];

t.test('the demo holds, and OpenSSL confirms what it leaves', async (t) => {
  const { printed, out } = runDemo(t, {});
  for (const name of LEFT) t.ok(existsSync(join(out, name)), name);
  t.match(verdictIn(out, 'good'), { indication: 'TOTAL-PASSED', subIndication: undefined });
  t.match(verdictIn(out, 'on-hold'), { indication: 'TOTAL-FAILED', subIndication: 'REVOKED' });
  t.match(verdictIn(out, 'earlier-after-revocation'), { indication: 'TOTAL-PASSED' });

  const whole = run('check.sh', out);
  t.equal(whole.status, 0, whole.stderr);

  const lines = printed.split('check.sh)\n\n')[1].split('\n\n')[0].split('\n');
  t.ok(lines.length >= 9, 'the lines for sceptics are found');
  for (const line of lines) {
    t.match(line, /^ {2}openssl /);
    const { status, stderr } = run(['-c', line.trim()], out);
    t.equal(status, 0, `${line}\n${stderr}`);
  }

  writeFileSync(join(out, 'prescription.json'), '{"prescription":"something else"}');
  t.not(run('check.sh', out).status, 0, 'what is not what was signed is found out');
});

t.test('MOHR_DEMO_PRESCRIPTION signs any file', async (t) => {
  const content = Buffer.from([0x52, 0x70, 0x2e, 0x0d, 0x0a, 0x00, 0xff]);
  const { out } = runDemo(t, { MOHR_DEMO_PRESCRIPTION: 'given.scan' }, { 'given.scan': content });
  t.ok(readFileSync(join(out, 'prescription.scan')).equals(content), 'it is left as it was');
  const whole = run('check.sh', out);
  t.equal(whole.status, 0, whole.stderr);
});

/** Runs `mohr demo` in a folder of its own, with the given files in it. */
function runDemo(
  t: Test,
  variables: Record<string, string>,
  files: Record<string, Buffer> = {},
): { printed: string; out: string } {
  const folder = temporaryFolder(t);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...MOHR, 'demo'], {
    cwd: folder,
    env: { ...process.env, ...variables },
    encoding: 'utf8',
    timeout: DEMO_MILLISECONDS_MAX,
  });
  t.equal(status, 0, stdout + stderr);
  return { printed: stdout, out: join(folder, 'demo-out') };
}

function run(script: string | string[], cwd: string) {
  return spawnSync('sh', [script].flat(), { cwd, encoding: 'utf8' });
}

function verdictIn(out: string, name: string): unknown {
  return JSON.parse(readFileSync(join(out, `validation-${name}.json`), 'utf8'));
}
