import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { readme } from '../support/readme-blocks.ts';
import { runDemo, runShell } from '../support/run-demo.ts';

const LEFT = [
  'root.pem',
  'issuer.pem',
  'chain.pem',
  'doctor.pem',
  'doctor.key',
  'prescription.json',
  'prescription.p7m',
  'prescription-stamped.p7m',
  'prescription.tst',
  'prescription.signature',
  'prescription-social-security.json',
  'ocsp-good.der',
  'ocsp-revoked.der',
  'crl.der',
  'check.sh',
];

/** Verdict of each report that the demo leaves. */
const VERDICTS: Record<string, { indication: string; subIndication?: string }> = {
  good: { indication: 'TOTAL-PASSED' },
  'on-hold': { indication: 'TOTAL-FAILED', subIndication: 'REVOKED' },
  'earlier-during-hold': { indication: 'TOTAL-PASSED' },
  restored: { indication: 'TOTAL-PASSED' },
  revoked: { indication: 'TOTAL-FAILED', subIndication: 'REVOKED' },
  'earlier-after-revocation': { indication: 'TOTAL-PASSED' },
  'stamped-after-revocation': { indication: 'TOTAL-PASSED' },
};

t.test('the demo holds, and OpenSSL confirms what it leaves', async (t) => {
  const { status, stdout, stderr, out } = await runDemo(t);
  t.equal(status, 0, 'every expectation held', { stdout, stderr });
  t.notMatch(stdout, /✗/);
  t.match(stdout, /http:\/\/localhost:\d+\/phone/, 'it says where the phone page is');
  for (const name of LEFT) {
    t.ok(existsSync(join(out, name)), `it leaves ${name}`);
    t.match(readme, `\`${name}\``, `the README tells of ${name}`);
  }
  for (const [name, verdict] of Object.entries(VERDICTS)) {
    const report: unknown = JSON.parse(readFileSync(join(out, `validation-${name}.json`), 'utf8'));
    t.match(report, verdict, `validation-${name}.json`);
  }

  await t.test('all of it, by check.sh', async (t) => {
    const whole = await runShell(['check.sh'], out);
    t.equal(whole.status, 0, 'every check passes', { stderr: whole.stderr });
  });

  await t.test('line by line as printed', async (t) => {
    const lines = stdout.split('\n').filter((line) => line.startsWith('  openssl '));
    t.ok(lines.length >= 9, 'the lines for sceptics are found');
    for (const line of lines) {
      const one = await runShell(['-c', line.trim()], out);
      t.equal(one.status, 0, line.trim(), { stderr: one.stderr });
    }
  });

  writeFileSync(join(out, 'prescription.json'), '{"prescription":"something else"}');
  const forged = await runShell(['check.sh'], out);
  t.not(forged.status, 0, 'what is not what was signed is found out');
});
