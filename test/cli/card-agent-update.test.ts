import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { readReleaseKey, verifyRelease } from '../../cli/card-agent/package/release.ts';
import { VERSION } from '../../cli/package-root.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder(t);
const state = join(folder, 'state');
const release = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const [major, minor, patch] = VERSION.split('.').map(Number);
const newer = `${major}.${minor}.${patch + 1}`;
const pem = (pair: typeof release) => pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;
writeFileSync(join(folder, 'release.pem'), pem(release));
writeFileSync(join(folder, 'other.pem'), pem(other));
const install = (...args: string[]) =>
  runMohr(['card-agent', 'install', '--console', 'https://ra.example', '--state', state, ...args], {
    HOME: folder,
    // No bus of a user: nothing is started here.
    XDG_RUNTIME_DIR: folder,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'none')}`,
  });
const update = (file: string) =>
  runMohr(['card-agent', 'update', file, '--check', '--state', state], { HOME: folder });

t.test('nothing is installed while no key is pinned', async (t) => {
  const { code, stderr } = await update(published({}));
  t.equal(code, 1);
  t.match(stderr, /update-unsigned/);
});

t.test('install pins the key once, and writes a unit of the user', async (t) => {
  const { code, stdout, stderr } = await install('--release-key', join(folder, 'release.pem'));
  t.equal(code, 0, stderr);
  const unit = readFileSync(stdout.split('\n')[0], 'utf8');
  t.match(unit, /ExecStart=\S+ .*card-agent --console https:\/\/ra\.example --state/);
  t.notMatch(unit, /release-key/);
  t.equal(statSync(join(state, 'release-key.pem')).mode & 0o777, 0o600);
  t.match(await install('--release-key', join(folder, 'other.pem')), {
    code: 1,
    stderr: /another release key/,
  });
  t.match(await install('--console', 'nowhere'), { code: 2 });
});

t.test('a newer package that is signed is taken, and nothing else', async (t) => {
  const { version } = verified(published({}));
  t.equal(version, newer);
  const refused: [string, Publication, string][] = [
    ['signed by another key', { key: other }, 'update-unsigned'],
    ['another package', { tampered: true }, 'update-unsigned'],
    ['the version that runs', { version: VERSION }, 'update-older'],
    ['an older version', { version: '0.0.9' }, 'update-older'],
    ['a statement of something else', { statement: 'hello\n' }, 'update-unsigned'],
  ];
  for (const [name, publication, code] of refused)
    t.throws(() => verified(published(publication)), { code }, name);
  const unsigned = await update(published({ isUnsigned: true }));
  t.match(unsigned, { code: 1, stderr: /update-unsigned/ });
  t.notOk(existsSync(join(state, 'update')), 'nothing was handed to npm');
});

t.test('what was verified is what npm installs', async (t) => {
  const source = join(folder, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name: 'mohr', version: newer }));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: source, stdio: 'pipe' });
  const file = signed(join(folder, `mohr-${newer}.tgz`), { version: newer, key: release });
  const prefix = join(folder, 'prefix');
  const outcome = await runMohr(['card-agent', 'update', file, '--state', state], {
    HOME: folder,
    npm_config_prefix: prefix,
  });
  t.equal(outcome.code, 0, outcome.stderr);
  const installed = readFileSync(join(prefix, 'lib/node_modules/mohr/package.json'), 'utf8');
  t.match(JSON.parse(installed), { version: newer });
});

interface Publication {
  version?: string;
  key?: typeof release;
  statement?: string;
  isUnsigned?: boolean;
  tampered?: boolean;
}

/** A package with its statement and signature, as a publisher makes them. */
function published({ tampered, ...publication }: Publication): string {
  const file = join(folder, `${randomUUID()}.tgz`);
  writeFileSync(file, `package ${file}`);
  signed(file, publication);
  if (tampered) writeFileSync(file, 'another');
  return file;
}

function signed(
  file: string,
  { version = newer, key = release, statement, isUnsigned }: Omit<Publication, 'tampered'>,
): string {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const text = statement ?? `mohr release\nversion: ${version}\nsha256: ${sha256}\n`;
  writeFileSync(`${file}.release`, text);
  if (!isUnsigned) writeFileSync(`${file}.sig`, sign(null, Buffer.from(text), key.privateKey));
  return file;
}

function verified(file: string) {
  const parts = {
    package: readFileSync(file),
    statement: readFileSync(`${file}.release`, 'utf8'),
    signature: readFileSync(`${file}.sig`),
  };
  return verifyRelease(parts, { releaseKey: readReleaseKey(pem(release)), running: VERSION });
}
