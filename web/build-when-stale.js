// Builds the console when its build is missing or older than what it is made of: `npm start` stays quick, and never serves an old one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const web = import.meta.dirname;
const built = join(web, 'dist', 'index.html');
const installed = join(web, 'node_modules', '.package-lock.json');
const lockfile = join(web, 'package-lock.json');

/** What the console is made of: its own sources, and the rules that it shares with the service. */
const SHARED = [
  'core',
  'ra/applicant-names.ts',
  'signing/device',
  'signing/display',
  'signing/signing-error.ts',
];
const SOURCES = [web, ...SHARED.map((path) => join(web, '..', path))];
const NO_SOURCES = ['node_modules', 'dist'];

if (changedAt(built) < Math.max(...SOURCES.map(newestIn))) {
  if (changedAt(installed) < changedAt(lockfile)) run(['ci', '--no-audit', '--no-fund']);
  run(['run', '--silent', 'build']);
  compress(join(web, 'dist', 'assets'));
}

/** Milliseconds; 0 for what is not there. */
function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newestIn(path) {
  if (!statSync(path).isDirectory()) return changedAt(path);
  const names = readdirSync(path).filter((name) => !NO_SOURCES.includes(name));
  return Math.max(0, ...names.map((name) => newestIn(join(path, name))));
}

/** Scripts and styles are sent as small as browsers read them; fonts are compressed already. */
function compress(folder) {
  for (const name of readdirSync(folder).filter((one) => /\.(js|css)$/.test(one))) {
    const content = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content));
  }
}

/** npm as it runs this script, else as the path finds it. Its progress goes to standard error: standard output is the service's. */
function run(args) {
  const npm = process.env.npm_execpath;
  const [program, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  execFileSync(program, [...first, ...args], { cwd: web, stdio: ['ignore', 2, 2] });
}
