import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { digest } from '../../pki/digest-algorithm.ts';
import { encodePem } from '../../pki/pem.ts';
import { runProgram } from '../support/run-program.ts';
import { serveOcsp } from '../support/served-ocsp.ts';
import type { State } from '../support/served-ocsp.ts';

// GnuPG's dirmngr 2.2 verifies RSA responders only. Its trusted root certificates stand in /etc, out of a test's reach, so it
// is told the responder's certificate instead.

const SAYS: Record<State, RegExp> = {
  good: /certificate is valid/,
  held: /revoked/,
  revoked: /revoked/,
  'never-issued': /revoked/,
  expired: /certificate is valid/,
  'expired-revoked': /revoked/,
};

t.test('dirmngr and an RSA responder', async (t) => {
  const { folder, url, responder } = await serveOcsp(t, { responderKey: 'rsa-2048' });
  writeFileSync(join(folder, 'responder.pem'), encodePem('CERTIFICATE', responder.bytes));
  const settings = [
    'allow-ocsp',
    'disable-ldap',
    `ocsp-responder ${url}`,
    `ocsp-signer ${digest('sha1', responder.bytes).toString('hex').toUpperCase()}`,
  ];
  writeFileSync(join(folder, 'dirmngr.conf'), `${settings.join('\n')}\n`);
  chmodSync(folder, 0o700);
  const options = { folder, variables: { GNUPGHOME: folder } };
  const started = await runProgram(
    'dirmngr',
    ['--homedir', folder, '--daemon', '--log-file', 'log'],
    options,
  );
  t.equal(started.code, 0, started.output);
  t.teardown(
    async () => void (await runProgram('gpgconf', ['--homedir', folder, '--kill', 'dirmngr'], options)),
  );
  for (const name of ['issuer', 'responder'])
    t.equal((await runProgram('dirmngr-client', ['--cache-cert', '--pem', `${name}.pem`], options)).code, 0);
  for (const [state, says] of Object.entries(SAYS)) {
    const line = ['--ocsp', '--force-default-responder', '--verbose', '--pem', `${state}.pem`];
    t.match((await runProgram('dirmngr-client', line, options)).output, says, state);
  }
});
