import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Debian package that tests need, and the paths that prove it is there; `*` is any one path segment. */
export type DebianPackage = { package: string; proof: string[] };

/** What the tests need from Debian, one row a package. */
export const debianPackages = JSON.parse(
  readFileSync(new URL('./debian-packages.json', import.meta.url), 'utf8'),
) as DebianPackage[];

/** The names of the packages with a proof that does not exist on this machine. */
export function missingPackages(table: DebianPackage[]): string[] {
  return table.filter((row) => !row.proof.every(pathExists)).map((row) => row.package);
}

/**
 * Installs what is missing when run as root on a Debian machine.
 * Elsewhere prints the one line that does, and answers false: no test is skipped for want of a package.
 */
export function ensureDebianPackages(): boolean {
  const missing = missingPackages(debianPackages);
  if (missing.length === 0) return true;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`sudo apt-get install -y ${missing.join(' ')}`);
    return false;
  }
  console.log(`Installing for the tests: ${missing.join(' ')}`);
  aptGet('update', '-qq');
  aptGet('install', '-y', '-qq', '--no-install-recommends', ...missing);
  const absent = missingPackages(debianPackages);
  if (absent.length > 0) console.log(`Not installed: ${absent.join(' ')}`);
  return absent.length === 0;
}

function aptGet(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    // In runlevel 1 no service of a package is started: the tests start their own.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    encoding: 'utf8',
  });
  if (status !== 0) console.log(`apt-get ${args.join(' ')} exited ${status}\n${stdout}${stderr}`);
}

function pathExists(pattern: string): boolean {
  let found = ['/'];
  for (const segment of pattern.split('/').slice(1)) {
    found = found.flatMap((path) => (segment === '*' ? children(path) : [join(path, segment)]));
    found = found.filter((path) => existsSync(path));
  }
  return found.length > 0;
}

function children(path: string): string[] {
  return readdirSync(path).map((name) => join(path, name));
}
