import t from 'tap';

import { runProgram } from '../support/run-program.ts';
import { STATES, serveOcsp } from '../support/served-ocsp.ts';
import type { State } from '../support/served-ocsp.ts';

const SAYS: Record<State, RegExp> = {
  good: /good\.pem: good/,
  held: /held\.pem: revoked[\s\S]*Reason: certificateHold/,
  revoked: /revoked\.pem: revoked[\s\S]*Reason: keyCompromise/,
  'never-issued':
    /never-issued\.pem: revoked[\s\S]*certificateHold[\s\S]*Revocation Time: Jan {2}1 00:00:00 1970/,
  expired: /expired\.pem: good/,
  'expired-revoked': /expired-revoked\.pem: revoked[\s\S]*Reason: superseded/,
};

for (const responderKey of ['p-256', 'rsa-2048'] as const) {
  t.test(`openssl ocsp and a ${responderKey} responder`, async (t) => {
    const { folder, url } = await serveOcsp(t, { responderKey });
    const ask = async (...args: string[]) => {
      const issuer = ['-issuer', 'issuer.pem', '-CAfile', 'issuer.pem', '-url', url];
      // The digest goes before the certificates that it is for.
      const line = ['ocsp', ...args.slice(0, 1), ...issuer, ...args.slice(1)];
      return (await runProgram('openssl', line, { folder })).output;
    };

    for (const digest of ['-sha1', '-sha256', '-sha384', '-sha512']) {
      for (const nonce of ['-nonce', '-no_nonce']) {
        t.test(`${digest} ${nonce}: every state, one by one`, async (t) => {
          for (const state of STATES) {
            const output = await ask(digest, nonce, '-cert', `${state}.pem`);
            t.match(output, /Response verify OK/, state);
            t.match(output, SAYS[state], state);
            t.notMatch(output, /WARNING/, 'the nonce is echoed');
          }
        });
      }
    }

    t.test('all states in one answer', async (t) => {
      const output = await ask('-sha256', ...STATES.flatMap((state) => ['-cert', `${state}.pem`]));
      t.match(output, /Response verify OK/);
      for (const state of STATES) t.match(output, SAYS[state], state);
    });

    t.test('a request that it signed', async (t) => {
      const signed = ['-signer', 'requestor.pem', '-signkey', 'requestor.key'];
      const output = await ask('-sha1', '-cert', 'good.pem', ...signed);
      t.match(output, /good\.pem: good[\s\S]*Response verify OK/);
    });

    t.test('certificate hash and archive cutoff', async (t) => {
      const output = await ask('-sha256', '-cert', 'good.pem', '-resp_text');
      t.match(output, /1\.3\.36\.8\.3\.13/);
      t.match(output, /OCSP Archive Cutoff/);
    });

    t.test('another issuer', async (t) => {
      const line = ['ocsp', '-issuer', 'other.pem', '-cert', 'good.pem', '-url', url];
      t.match((await runProgram('openssl', line, { folder })).output, /unauthorized \(6\)/);
    });
  });
}
