import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { runDemo, runShell } from '../support/run-demo.ts';

t.test('MOHR_DEMO_PRESCRIPTION signs any file', async (t) => {
  const content = Buffer.from([0x52, 0x70, 0x2e, 0x0d, 0x0a, 0x00, 0xff]);
  const { status, stdout, stderr, out } = await runDemo(
    t,
    { MOHR_DEMO_PRESCRIPTION: 'given.scan' },
    { 'given.scan': content },
  );
  t.equal(status, 0, 'every expectation held', { stdout, stderr });
  t.ok(readFileSync(join(out, 'prescription.scan')).equals(content), 'it is left as it was');
  const whole = await runShell(['check.sh'], out);
  t.equal(whole.status, 0, 'every check passes', { stderr: whole.stderr });
});
