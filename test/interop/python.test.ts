import { fileURLToPath } from 'node:url';

import t from 'tap';

import { runProgram } from '../support/run-program.ts';
import { STATES, serveOcsp } from '../support/served-ocsp.ts';

const PROGRAM = fileURLToPath(new URL('check_status.py', import.meta.url));
/** Debian's, whose packages the tests install. */
const PYTHON = '/usr/bin/python3';

for (const responderKey of ['p-256', 'rsa-2048'] as const) {
  for (const hash of ['SHA1', 'SHA256', 'SHA512']) {
    t.test(`Python's cryptography, ${hash}, and a ${responderKey} responder`, async (t) => {
      const { folder, url } = await serveOcsp(t, { responderKey });
      const files = STATES.map((state) => `${state}.pem`);
      const { code, output } = await runProgram(PYTHON, [PROGRAM, 'issuer.pem', url, hash, ...files], {
        folder,
      });
      t.equal(code, 0, output);
      t.strictSame(output.trim().split('\n'), [
        'good.pem: GOOD',
        'held.pem: REVOKED certificate_hold',
        'revoked.pem: REVOKED key_compromise',
        'never-issued.pem: REVOKED certificate_hold',
        'expired.pem: GOOD',
        'expired-revoked.pem: REVOKED superseded',
      ]);
    });
  }
}
