import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { ensureDebianPackages } from './support/debian-packages.ts';
import { startPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import { TapDigest } from './support/tap-digest.ts';

// `npm test [-- FILE...]`: all tests, or the given files and folders, with what they need from this machine.
// `npm run test:unit`: core, pki and the architecture: quick, without a database; pki asks openssl and certtool.

const root = fileURLToPath(new URL('..', import.meta.url));
/** So few files make their own databases quicker than they prepare some. */
const PREPARED_FROM = 3;
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
    const prepared = files.length < PREPARED_FROM ? {} : await preparedStarts(folder, cluster.url);
    return await runTap(files, { MOHR_TEST_DATABASE_URL: cluster.url, ...prepared });
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function preparedStarts(folder: string, clusterUrl: string): Promise<Record<string, string>> {
  // Loaded here: the unit tests need none of the service.
  const { prepareStarts } = await import('./support/prepared-starts.ts');
  return prepareStarts(folder, clusterUrl);
}

async function runTap(files: string[], settings: Record<string, string>): Promise<number> {
  const started = performance.now();
  const tap = spawn(process.execPath, ['node_modules/.bin/tap', 'run', '--reporter=tap', ...files], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  forwardSignals(tap);
  const ended = once(tap, 'close') as Promise<[number | null]>;
  const digest = new TapDigest();
  for await (const line of createInterface({ input: tap.stdout })) {
    for (const shown of digest.take(line)) console.log(shown);
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

// Ctrl-C reaches tap by the terminal too; this process stays until tap is gone, to stop the cluster after it.
function forwardSignals(tap: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => tap.kill(signal));
}
