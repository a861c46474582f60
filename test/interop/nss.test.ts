import t from 'tap';

import { runProgram } from '../support/run-program.ts';
import { serveOcsp } from '../support/served-ocsp.ts';

// `vfychain` builds the path as Firefox and Chrome did, with libpkix, and asks the address that stands in the certificate.

const GOOD = /Chain is good!/;
const REVOKED = /SEC_ERROR_REVOKED_CERTIFICATE|-8180/;
const SAYS = { good: GOOD, held: REVOKED, revoked: REVOKED, 'never-issued': REVOKED };

for (const responderKey of ['p-256', 'rsa-2048'] as const) {
  t.test(`NSS and a ${responderKey} responder`, async (t) => {
    const { folder, certificates } = await serveOcsp(t, { responderKey });
    const nss = (program: string, ...args: string[]) =>
      runProgram(program, ['-d', `sql:${folder}`, ...args], { folder });
    t.equal((await nss('certutil', '-N', '--empty-password')).code, 0);
    t.equal((await nss('certutil', '-A', '-n', 'issuer', '-t', 'CT,C,C', '-i', 'issuer.pem')).code, 0);
    const verify = (file: string, ...args: string[]) =>
      nss('vfychain', '-a', '-pp', '-u', '4', '-g', 'leaf', '-m', 'ocsp', '-s', 'requireInfo', ...args, file);
    for (const [state, says] of Object.entries(SAYS))
      t.match((await verify(`${state}.pem`)).output, says, state);
    // As of the last day on which it was valid.
    const day = certificates.expired.notAfter
      .toISOString()
      .replace(/[-:]|\.\d+|T/g, '')
      .slice(2, 12);
    t.match((await verify('expired.pem', '-b', `${day}Z`)).output, GOOD, 'expired');
  });
}
