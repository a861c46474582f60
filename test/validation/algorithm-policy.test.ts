import { writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';

import t from 'tap';

import { loadAlgorithmPolicy } from '../../cli/algorithm-policy-file.ts';
import { DEFAULT_ALGORITHM_POLICY, parseAlgorithmPolicy } from '../../validation/algorithm-policy.ts';
import { weaknessesOfLeaf, weaknessesOfPath } from '../../validation/cryptographic-constraints.ts';
import { fixtureCa, fixtureLeaf } from '../support/fixture-path.ts';
import { memorySigner } from '../support/memory-signer.ts';

const algorithms = DEFAULT_ALGORITHM_POLICY;
const at = new Date('2026-06-15T12:00:00Z');

t.test('takes keys by type and size', async (t) => {
  const root = await fixtureCa('Root');
  const codes = async (key: ReturnType<typeof memorySigner>, moment = at) => {
    const { certificate } = await fixtureLeaf(root, { signer: key });
    return weaknessesOfLeaf(certificate, { algorithms, at: moment }).map(({ code }) => code);
  };
  const rsa = (modulusLength: number) =>
    memorySigner(generateKeyPairSync('rsa', { modulusLength }).privateKey, 'rsa-sha256');
  const ec = (namedCurve: string) => memorySigner(generateKeyPairSync('ec', { namedCurve }).privateKey);
  t.same(await codes(ec('P-256')), []);
  t.same(await codes(ec('brainpoolP384r1')), []);
  t.same(await codes(ec('secp224r1')), ['algorithm-too-weak']);
  t.same(await codes(memorySigner(generateKeyPairSync('ed25519').privateKey, 'ed25519')), []);
  const short = rsa(1024);
  t.same(await codes(short), ['algorithm-too-weak']);
  t.same(await codes(short, new Date('2010-12-31T23:59:59Z')), [], 'in its day');
  t.same(await codes(short, new Date('2011-01-01T00:00:00Z')), ['algorithm-too-weak']);
});

t.test("looks at the digests of a path's certificates, not at the anchor's own", async (t) => {
  const root = await fixtureCa('Root');
  const path = [(await fixtureLeaf(root)).certificate, root.certificate];
  const without256 = { ...algorithms, digests: [{ name: 'sha384' as const }] };
  t.same(
    weaknessesOfPath(path, { algorithms: without256, at }).map(({ text }) => text),
    ['certificate 0 of the path uses sha256, accepted are sha384'],
  );
  t.same(weaknessesOfPath(path.slice(1), { algorithms: without256, at }), []);
});

t.test('reads a policy file, and the shipped policy where there is none', async (t) => {
  const folder = t.testdir({});
  t.same(await loadAlgorithmPolicy(folder), DEFAULT_ALGORITHM_POLICY);
  writeFileSync(join(folder, 'algorithm-policy.json'), JSON.stringify(DEFAULT_ALGORITHM_POLICY));
  t.same(await loadAlgorithmPolicy(folder), DEFAULT_ALGORITHM_POLICY, 'as written by JSON');
  writeFileSync(join(folder, 'algorithm-policy.json'), '{}');
  await t.rejects(loadAlgorithmPolicy(folder), { code: 'algorithm-policy-malformed' });
});

t.test('refuses a policy with anything misspelt', async (t) => {
  const good = { id: 'x', digests: [{ name: 'sha256' }], keys: [{ type: 'ec', bitsMin: 256 }] };
  t.same(parseAlgorithmPolicy(JSON.stringify(good)), good);
  const bad: unknown[] = [
    [],
    { ...good, id: '' },
    { ...good, stray: 1 },
    { ...good, digests: [] },
    { ...good, digests: [{ name: 'md5' }] },
    { ...good, digests: [{ name: 'sha256', til: '2030-01-01' }] },
    { ...good, keys: [{ type: 'ec', bitsMin: '256' }] },
    { ...good, keys: [{ type: 'ec', bitsMin: 256, until: 'soon' }] },
    { ...good, keys: ['ec'] },
  ];
  for (const policy of bad)
    t.throws(() => parseAlgorithmPolicy(JSON.stringify(policy)), { code: 'algorithm-policy-malformed' });
  t.throws(() => parseAlgorithmPolicy('{'), { code: 'algorithm-policy-malformed' });
});
