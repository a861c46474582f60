import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { exportJWK } from 'jose';
import t from 'tap';

import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';

const PROGRAM = fileURLToPath(new URL('jose_tools.py', import.meta.url));
/** Debian's, whose packages the tests install. */
const PYTHON = '/usr/bin/python3';
const JOSE = '/usr/bin/jose';

const content = Buffer.from('{"docId":"0000112233","note":"نسخهٔ آزمایشی"}');
const deployment = await FixtureDeployment.create();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

const keys: {
  alg: string;
  key: typeof rsa;
  algorithm: SignatureAlgorithmName;
  unknownTo?: readonly string[];
}[] = [
  { alg: 'ES256', key: ec('P-256'), algorithm: 'ecdsa-sha256' },
  { alg: 'ES384', key: ec('P-384'), algorithm: 'ecdsa-sha384' },
  { alg: 'ES512', key: ec('P-521'), algorithm: 'ecdsa-sha512' },
  { alg: 'RS256', key: rsa, algorithm: 'rsa-sha256' },
  { alg: 'PS384', key: rsa, algorithm: 'rsa-pss-sha384', unknownTo: ['python-jose'] },
  {
    alg: 'EdDSA',
    key: generateKeyPairSync('ed25519').privateKey,
    algorithm: 'ed25519',
    unknownTo: ['python-jose', 'jose'],
  },
];

for (const { alg, key, algorithm, unknownTo = [] } of keys) {
  t.test(`both ways with ${alg}`, async (t) => {
    const signer = memorySigner(key, algorithm);
    const doctor = await deployment.issue(signer);
    const folder = t.testdir({
      'private.pem': key.export({ type: 'pkcs8', format: 'pem' }) as string,
      'public.pem': `-----BEGIN PUBLIC KEY-----\n${signer.subjectPublicKeyInfo.toString('base64')}\n-----END PUBLIC KEY-----\n`,
      'private.jwk': JSON.stringify({ ...(await exportJWK(key)), alg }),
      payload: content,
    });
    const run = (program: string, args: readonly string[], input: string | Buffer) =>
      execFileSync(program, args, { cwd: folder, input, encoding: 'utf8' }).trim();
    const readers: Record<string, (jws: string) => string> = {
      jwcrypto: (jws) => run(PYTHON, [PROGRAM, 'verify', 'jwcrypto', 'public.pem'], jws),
      'python-jose': (jws) => run(PYTHON, [PROGRAM, 'verify', 'python-jose', 'public.pem', alg], jws),
      jose: (jws) => run(JOSE, ['jws', 'ver', '-i', '-', '-k', 'private.jwk', '-O', '-'], jws),
    };
    const chain = { x5c: [doctor.certificate.bytes.toString('base64')] };
    const header = JSON.stringify(chain);
    const writers: Record<string, (form: 'compact' | 'json') => string> = {
      jwcrypto: (form) =>
        run(PYTHON, [PROGRAM, 'sign', 'jwcrypto', 'private.pem', alg, header, form], content),
      'python-jose': (form) =>
        run(PYTHON, [PROGRAM, 'sign', 'python-jose', 'private.pem', alg, header, form], content),
      jose: (form) => {
        writeFileSync(join(folder, 'template'), JSON.stringify({ protected: { alg, ...chain } }));
        const compact = form === 'compact' ? ['-c'] : [];
        return run(
          JOSE,
          ['jws', 'sig', '-I', 'payload', '-s', 'template', '-k', 'private.jwk', '-o', '-', ...compact],
          '',
        );
      },
    };
    const { certificate } = doctor;
    const signed = { content, signer, certificate, signingTime: NOON, mediaType: 'application/json' };
    for (const name of Object.keys(readers).filter((reader) => !unknownTo.includes(reader))) {
      const compact = await signJades(signed);
      t.equal(readers[name](compact.toString()), content.toString(), `${name} reads ours`);
      if (name !== 'python-jose') {
        const general = await signJades({ ...signed, serialization: 'general' });
        t.equal(readers[name](general.toString()), content.toString(), `${name} reads ours in JSON`);
      }
      for (const form of name === 'python-jose' ? (['compact'] as const) : (['compact', 'json'] as const))
        t.match(
          await deployment.validate(Buffer.from(writers[name](form))),
          { indication: 'TOTAL-PASSED', signatures: [{ format: 'JWS' }] },
          `and we read what ${name} signs, ${form}`,
        );
    }
  });
}

t.test('jwcrypto reads a payload that is not encoded, and we read its own', async (t) => {
  const { signer, certificate } = await deployment.issue();
  const folder = t.testdir({
    'private.pem': signer.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    'public.pem': `-----BEGIN PUBLIC KEY-----\n${signer.subjectPublicKeyInfo.toString('base64')}\n-----END PUBLIC KEY-----\n`,
  });
  const run = (args: readonly string[], input: string) =>
    execFileSync(PYTHON, [PROGRAM, ...args], { cwd: folder, input, encoding: 'utf8' }).trim();
  const ours = await signJades({
    content,
    signer,
    certificate,
    signingTime: NOON,
    serialization: 'flattened',
    isPayloadEncoded: false,
  });
  t.equal(run(['verify', 'jwcrypto', 'public.pem'], ours.toString()), content.toString());
  const header = { x5c: [certificate.bytes.toString('base64')], b64: false, crit: ['b64'] };
  const theirs = run(
    ['sign', 'jwcrypto', 'private.pem', 'ES256', JSON.stringify(header), 'json'],
    content.toString(),
  );
  t.match(await deployment.validate(Buffer.from(theirs)), { indication: 'TOTAL-PASSED' });
});
