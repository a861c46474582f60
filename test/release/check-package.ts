import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { PACKAGE_ROOT, VERSION } from '../../cli/package-root.ts';
import { freePort } from '../support/free-port.ts';

// `npm run check:package`: two builds in two folders give one package, octet for octet; it is installed into an empty folder without
// development packages, and from there the service starts, is ready and serves its pages. Unpacked, it installs what was tested and nothing else.

const PAGES: readonly [path: string, type: string][] = [
  ['/ready', 'application/json'],
  ['/sign-in', 'text/html'],
  ['/verify', 'text/html'],
  ['/ca/bronze.cer', 'application/pkix-cert'],
  ['/crl/bronze.crl', 'application/pkix-crl'],
  ['/docs/json', 'application/json'],
];

const folder = mkdtempSync(join(tmpdir(), 'mohr-package-'));
try {
  const packages = ['one', 'an-other-place/two'].map((name) => buildIn(join(folder, name)));
  const [first, second] = packages.map((path) =>
    createHash('sha256').update(readFileSync(path)).digest('hex'),
  );
  if (first !== second) throw new Error(`two builds differ: ${first}, ${second}`);
  console.log(`two builds, one package: sha256 ${first}`);
  const installed = join(folder, 'installed');
  mkdirSync(installed);
  const install = ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', packages[0]];
  run('npm', install, installed);
  const mohr = join(installed, 'node_modules', '.bin', 'mohr');
  const version = run(mohr, ['--version'], installed).trim();
  if (version !== VERSION) throw new Error(`mohr --version says ${version}, expected ${VERSION}`);
  await serveFrom(mohr, installed);
  const count = assertLockedVersions(packages[0], join(folder, 'unpacked'));
  console.log(`unpacked: ${count} packages are installed, each of the version that is locked`);
  console.log(`mohr ${version}: installed, started, ready, pages served`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Builds what is in version control, in a folder of its own; resolves to the package. */
function buildIn(place: string): string {
  const files = run('git', ['ls-files', '-z'], PACKAGE_ROOT).split('\0').filter(Boolean);
  for (const file of files) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    // With its time: a lock file that looks newer than what is installed would be installed anew, through the link below.
    cpSync(join(PACKAGE_ROOT, file), join(place, file), { preserveTimestamps: true });
  }
  for (const modules of ['node_modules', 'web/node_modules'])
    symlinkSync(join(PACKAGE_ROOT, modules), join(place, modules));
  const destination = join(place, 'packed');
  mkdirSync(destination);
  run('npm', ['pack', '--silent', '--pack-destination', destination], place);
  return join(destination, readdirSync(destination)[0]);
}

/** Installs a package as docs/OPERATIONS.md says; resolves to how many packages came. Ranges would bring others than were tested. */
function assertLockedVersions(path: string, place: string): number {
  mkdirSync(place);
  run('tar', ['-xzf', path, '-C', place, '--strip-components=1'], place);
  run('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'], place);
  const locked = lockedVersions(join(PACKAGE_ROOT, 'package-lock.json'));
  const installed = lockedVersions(join(place, 'node_modules', '.package-lock.json'));
  for (const [name, version] of installed)
    if (locked.get(name) !== version)
      throw new Error(`${name}: ${version} is installed, ${locked.get(name) ?? 'none'} is locked`);
  if (installed.size === 0) throw new Error('no package was installed');
  return installed.size;
}

/** By place below the package. */
function lockedVersions(lockFile: string): Map<string, string> {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  return new Map(
    Object.entries(packages)
      .filter(([place]) => place !== '')
      .map(([place, { version }]) => [place, version]),
  );
}

/** Starts the service where nothing of this repository is, and asks it what a first visitor does. */
async function serveFrom(mohr: string, cwd: string): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = spawn(mohr, ['serve', '--port', String(port)], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface({ input: service.stdout }))
      if (line.startsWith('mohr is ready')) break;
    for (const [path, type] of PAGES) {
      const answer = await fetch(url + path);
      const said = answer.headers.get('content-type') ?? '';
      if (answer.status !== 200 || !said.startsWith(type))
        throw new Error(`${path}: ${answer.status} ${said}`);
    }
  } finally {
    service.kill('SIGTERM');
    if (service.exitCode === null) await once(service, 'exit');
  }
  if (service.exitCode !== 0)
    throw new Error(`mohr serve ended with ${service.exitCode ?? service.signalCode}`);
}

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
