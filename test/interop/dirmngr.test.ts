import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { digest } from '../../pki/digest-algorithm.ts';
import { encodePem } from '../../pki/pem.ts';
import { runProgram } from '../support/run-program.ts';
import { serveOcsp } from '../support/served-ocsp.ts';
import type { State } from '../support/served-ocsp.ts';

// GnuPG's dirmngr 2.2 verifies RSA responders only: `check_signature` of its ocsp.c says `flags pkcs1` of whatever hash it has
// verified, which libgcrypt refuses for a key on a curve. Its trusted root certificates stand in /etc, out of a test's reach, so it
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
  const { ask } = await dirmngrFor(t, 'rsa-2048');
  for (const [state, says] of Object.entries(SAYS)) t.match(await ask(state), says, state);
});

t.test('dirmngr cannot verify what OpenSSL verifies, from a P-256 responder', async (t) => {
  const { ask, folder, url } = await dirmngrFor(t, 'p-256');
  const line = ['ocsp', '-issuer', 'issuer.pem', '-CAfile', 'issuer.pem', '-url', url, '-cert', 'good.pem'];
  t.match((await runProgram('openssl', line, { folder })).output, /good\.pem: good[\s\S]*Response verify OK/);
  t.match(await ask('good'), /No public key/);
  t.match(
    readFileSync(join(folder, 'log'), 'utf8'),
    /no suitable certificate found to verify the OCSP response/,
  );
});

/** A dirmngr that asks a responder with such a key, and how to ask it about the certificate of a state. */
async function dirmngrFor(t: Parameters<typeof serveOcsp>[0], responderKey: 'p-256' | 'rsa-2048') {
  const { folder, url, responder } = await serveOcsp(t, { responderKey });
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
  if (started.code !== 0) throw new Error(started.output);
  t.teardown(
    async () => void (await runProgram('gpgconf', ['--homedir', folder, '--kill', 'dirmngr'], options)),
  );
  for (const name of ['issuer', 'responder']) {
    const { code, output } = await runProgram(
      'dirmngr-client',
      ['--cache-cert', '--pem', `${name}.pem`],
      options,
    );
    if (code !== 0) throw new Error(output);
  }
  const ask = async (state: string) => {
    const line = ['--ocsp', '--force-default-responder', '--verbose', '--pem', `${state}.pem`];
    return (await runProgram('dirmngr-client', line, options)).output;
  };
  return { ask, folder, url };
}
