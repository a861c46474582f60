import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { COMPILED_PROGRAMS, COMPILED_VARIABLE, TYPESCRIPT_ON_DEMAND } from './support/compiled-program.ts';
import { compileTests } from './support/compile-tests.ts';
import { ensureDebianPackages } from './support/debian-packages.ts';
import { startPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import { TapDigest } from './support/tap-digest.ts';

// `npm test [-- FILE...]`: all tests, or the given files and folders, with what they need from this machine.
// `npm run test:unit`: core, pki and the architecture: quick, without a database; pki asks openssl and certtool.

const root = fileURLToPath(new URL('..', import.meta.url));
/** So few files make their own databases quicker than they prepare some. */
const PREPARED_FROM = 3;
/** Below the packages that it imports; of this run alone. */
const COMPILED = join(root, 'node_modules', '.cache', `mohr-tests-${process.pid}`);
const TAP = 'node_modules/.bin/tap';
const UNIT_TESTS = ['test/core', 'test/pki', 'test/architecture.test.ts'];

const [first, ...others] = process.argv.slice(2);
if (first === '--unit') {
  process.exitCode = await runTap(UNIT_TESTS.flatMap(testFilesIn), {});
} else if (ensureDebianPackages()) {
  const files = first === undefined ? ['test'] : [first, ...others];
  process.exitCode = await runOnCluster(files.flatMap(testFilesIn), await startPostgresCluster());
} else {
  process.exitCode = 1;
}

function testFilesIn(path: string): string[] {
  if (statSync(join(root, path)).isFile()) return [path];
  const names = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name))
    .sort();
}

async function runOnCluster(files: string[], cluster: PostgresCluster): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'mohr-test-starts-'));
  try {
    const given = { MOHR_TEST_DATABASE_URL: cluster.url };
    if (files.length < PREPARED_FROM) return await runTap(files, given);
    const [prepared, compiled] = await Promise.all([
      preparedStarts(folder, cluster.url),
      compileTests(root, COMPILED, [...files, ...COMPILED_PROGRAMS]),
    ]);
    const runnable = files.map((file) => compiled.get(file)!);
    return await runTap(runnable, { ...given, ...prepared, [COMPILED_VARIABLE]: COMPILED });
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(COMPILED, { recursive: true, force: true });
  }
}

async function preparedStarts(folder: string, clusterUrl: string): Promise<Record<string, string>> {
  // Loaded here: the unit tests need none of the service.
  const { prepareStarts } = await import('./support/prepared-starts.ts');
  return prepareStarts(folder, clusterUrl);
}

async function runTap(files: string[], settings: Record<string, string>): Promise<number> {
  const started = performance.now();
  const tap = spawn(
    process.execPath,
    [TAP, 'run', '--reporter=tap', `--node-arg=--import=${TYPESCRIPT_ON_DEMAND}`, ...files],
    {
      cwd: root,
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  forwardSignals(tap);
  const ended = once(tap, 'close') as Promise<[number | null]>;
  const digest = new TapDigest();
  for await (const line of createInterface({ input: tap.stdout })) {
    for (const shown of digest.take(sourceNames(line))) console.log(shown);
  }
  const [code] = await ended;
  const { passed, failed, skipped } = digest.counts;
  // A run that tested nothing, or that ended without its totals, has not passed.
  const status = passed === 0 ? code || 1 : (code ?? 1);
  const unexplained = status !== 0 && failed === 0 ? 1 : 0;
  console.log(`in ${((performance.now() - started) / 1000).toFixed(1)} s on Node ${process.versions.node}`);
  console.log(`${passed} passed, ${failed + unexplained} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return status;
}

/** What was compiled is called by its source. */
function sourceNames(line: string): string {
  return line.replaceAll(`${relative(root, COMPILED)}/`, '').replaceAll('.test.mjs', '.test.ts');
}

// Ctrl-C reaches tap by the terminal too; this process stays until tap is gone, to stop the cluster after it.
function forwardSignals(tap: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => tap.kill(signal));
}
