import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import t from 'tap';

import { ManualClock, systemClock, wholeSeconds } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodePem } from '../../pki/pem.ts';
import { physicianTemplate } from '../support/fixture-certificate.ts';
import { FixtureOcsp } from '../support/fixture-ocsp.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { startOcspServer } from '../support/ocsp-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const expected = [
  { name: 'good', openssl: /good\.pem: good/, gnutls: /Certificate Status: good/ },
  {
    name: 'held',
    openssl: /held\.pem: revoked[\s\S]*Reason: certificateHold/,
    gnutls: /Certificate Status: revoked/,
  },
  {
    name: 'revoked',
    openssl: /revoked\.pem: revoked[\s\S]*Reason: keyCompromise/,
    gnutls: /Certificate Status: revoked/,
  },
  {
    name: 'never-issued',
    openssl: /never-issued\.pem: revoked[\s\S]*certificateHold[\s\S]*Revocation Time: Jan {2}1 00:00:00 1970/,
    gnutls: /revoked[\s\S]*Thu Jan 0?1 00:00:00 UTC 1970/,
  },
];

t.test('programs of others read the answers', async (t) => {
  const { folder, url } = await served(t);
  const openssl = async (...args: string[]) => {
    const issuer = ['-issuer', 'issuer.pem', '-CAfile', 'issuer.pem', '-url', `${url}/ocsp/bronze`];
    const { stdout, stderr } = await run(
      'openssl',
      ['ocsp', ...args.slice(0, 1), ...issuer, ...args.slice(1)],
      { cwd: folder },
    );
    return stdout + stderr;
  };

  for (const digest of ['-sha1', '-sha256', '-sha384', '-sha512']) {
    for (const nonce of ['-nonce', '-no_nonce']) {
      for (const { name, openssl: says } of expected) {
        t.test(`openssl ocsp ${digest} ${nonce} reads ${name}`, async (t) => {
          const output = await openssl(digest, nonce, '-cert', `${name}.pem`);
          t.match(output, /Response verify OK/);
          t.match(output, says);
          t.notMatch(output, /WARNING/, 'the nonce is echoed');
        });
      }
    }
  }

  t.test('openssl ocsp reads four answers in one', async (t) => {
    const output = await openssl('-sha256', ...expected.flatMap(({ name }) => ['-cert', `${name}.pem`]));
    t.match(output, /Response verify OK/);
    for (const { openssl: says } of expected) t.match(output, says);
  });

  t.test('openssl ocsp gets an answer to a request that it signed', async (t) => {
    const output = await openssl(
      '-sha1',
      '-cert',
      'good.pem',
      '-signer',
      'requestor.pem',
      '-signkey',
      'requestor.key',
    );
    t.match(output, /good\.pem: good[\s\S]*Response verify OK/);
  });

  t.test('openssl ocsp sees the certificate hash and the archive cutoff', async (t) => {
    const output = await openssl('-sha256', '-cert', 'good.pem', '-resp_text');
    t.match(output, /1\.3\.36\.8\.3\.13/);
    t.match(output, /OCSP Archive Cutoff/);
  });

  t.test('openssl ocsp is told that another issuer is not authorized', async (t) => {
    const output = await run(
      'openssl',
      ['ocsp', '-issuer', 'other.pem', '-cert', 'good.pem', '-url', `${url}/ocsp/bronze`],
      {
        cwd: folder,
      },
    ).catch((error: { stdout: string; stderr: string }) => error);
    t.match(output.stdout + output.stderr, /unauthorized \(6\)/);
  });

  for (const nonce of ['--nonce', '--no-nonce']) {
    for (const { name, gnutls: says } of expected) {
      t.test(`ocsptool ${nonce} reads ${name}`, async (t) => {
        const files = [
          '--load-cert',
          `${name}.pem`,
          '--load-issuer',
          'issuer.pem',
          '--load-trust',
          'issuer.pem',
        ];
        const args = [`--ask=${url}/ocsp/bronze`, nonce, ...files];
        const { stdout, stderr } = await run('ocsptool', args, { cwd: folder }).catch(
          (error: { stdout: string; stderr: string }) => error,
        );
        t.match(stdout + stderr, says);
        t.match(stdout + stderr, /Verifying OCSP Response: Success/);
      });
    }
  }
});

/** Certificates in every state, as files, and a responder with the clock that those programs have. */
async function served(t: Parameters<typeof startOcspServer>[0] & Parameters<typeof temporaryFolder>[0]) {
  const clock = new ManualClock(wholeSeconds(systemClock.now()));
  const house = await FixtureOcsp.create({ clock });
  const folder = temporaryFolder(t);
  const save = (name: string, { bytes }: Certificate) =>
    writeFileSync(join(folder, `${name}.pem`), encodePem('CERTIFICATE', bytes));
  const [good, held, revoked] = [await house.issue(), await house.issue(), await house.issue()];
  await house.change(held, 'held', 'certificateHold');
  await house.change(revoked, 'revoked', 'keyCompromise');
  const other = await FixtureOcsp.create({ clock });
  const certificates = {
    good,
    held,
    revoked,
    issuer: house.bronze.certificate,
    other: other.bronze.certificate,
  };
  for (const [name, certificate] of Object.entries(certificates)) save(name, certificate);
  save('never-issued', await issueUnrecorded(house));
  const requestor = memorySigner();
  const { subjectPublicKeyInfo } = requestor;
  save(
    'requestor',
    await house.issue(house.bronze, { ...physicianTemplate(subjectPublicKeyInfo), notAfter: good.notAfter }),
  );
  writeFileSync(join(folder, 'requestor.key'), requestor.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await house.follower.catchUp();
  const { url } = await startOcspServer(t, house.responder);
  return { folder, url };
}

/** A certificate with the issuer's signature, which its history does not know. */
async function issueUnrecorded(house: FixtureOcsp): Promise<Certificate> {
  const elsewhere = await FixtureOcsp.create({ clock: house.clock });
  return elsewhere.issue(house.bronze);
}
