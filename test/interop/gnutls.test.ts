import t from 'tap';

import { runProgram } from '../support/run-program.ts';
import { STATES, serveOcsp } from '../support/served-ocsp.ts';
import type { State } from '../support/served-ocsp.ts';

const SAYS: Record<State, RegExp> = {
  good: /Certificate Status: good/,
  held: /Certificate Status: revoked/,
  revoked: /Certificate Status: revoked/,
  'never-issued': /revoked[\s\S]*Thu Jan 0?1 00:00:00 UTC 1970/,
  expired: /Certificate Status: good/,
  'expired-revoked': /Certificate Status: revoked/,
};

for (const responderKey of ['p-256', 'rsa-2048'] as const) {
  for (const nonce of ['--nonce', '--no-nonce']) {
    t.test(`ocsptool ${nonce} and a ${responderKey} responder`, async (t) => {
      const { folder, url } = await serveOcsp(t, { responderKey });
      for (const state of STATES) {
        const files = [
          '--load-cert',
          `${state}.pem`,
          '--load-issuer',
          'issuer.pem',
          '--load-trust',
          'issuer.pem',
        ];
        const { output } = await runProgram('ocsptool', [`--ask=${url}`, nonce, ...files], { folder });
        t.match(output, SAYS[state], state);
        t.match(output, /Verifying OCSP Response: Success/, state);
      }
    });
  }
}
