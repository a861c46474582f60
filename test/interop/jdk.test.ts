import { fileURLToPath } from 'node:url';

import t from 'tap';

import { runProgram } from '../support/run-program.ts';
import { STATES, serveOcsp } from '../support/served-ocsp.ts';

const PROGRAM = fileURLToPath(new URL('CheckStatus.java', import.meta.url));
/** Started quickly rather than run fast. */
const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

for (const responderKey of ['p-256', 'rsa-2048'] as const) {
  for (const kind of ['plain', 'nonce']) {
    t.test(`PKIXRevocationChecker, ${kind}, and a ${responderKey} responder`, async (t) => {
      const { folder, url } = await serveOcsp(t, { responderKey });
      const files = STATES.map((state) => `${state}.pem`);
      const { code, output } = await runProgram(
        'java',
        [...JVM, PROGRAM, 'issuer.pem', url, kind, ...files],
        {
          folder,
        },
      );
      t.equal(code, 0, output);
      t.strictSame(output.trim().split('\n'), [
        'good.pem: good',
        'held.pem: revoked CERTIFICATE_HOLD',
        'revoked.pem: revoked KEY_COMPROMISE',
        'never-issued.pem: revoked CERTIFICATE_HOLD',
        'expired.pem: good',
        // The JDK judges as of the validation date, when it was valid and not yet revoked.
        'expired-revoked.pem: good',
      ]);
    });
  }
}
