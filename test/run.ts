import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { COMPILED_PROGRAMS, COMPILED_VARIABLE } from './support/compiled-program.ts';
import { compileTests } from './support/compile-tests.ts';
import { ensureDebianPackages } from './support/debian-packages.ts';
import { startPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import { runTestFiles, signalRunning, type FileRun } from './support/run-test-files.ts';
import { filesToRunAlone, verdictOf } from './support/run-verdict.ts';
import { digestOf, type FileDigest } from './support/tap-digest.ts';

// `npm test [-- FILE...]`: all tests, or the given files and folders, with what they need from this machine.
// `npm run test:unit`: core, pki and the architecture: quick, without a database; pki asks openssl and certtool.

const root = fileURLToPath(new URL('..', import.meta.url));
/** So few files make their own databases quicker than they prepare some. */
const PREPARED_FROM = 3;
/** Below the packages that it imports; of this run alone. */
const COMPILED = join(root, 'node_modules', '.cache', `mohr-tests-${process.pid}`);
/** One more than the two cores that it is made for: there is always a file that waits for something. */
const JOBS = 3;
/** In the source of a file that starts other programs. */
const LONG =
  /start(?:Browser|ConsoleService|Service)\(|PhonePlace|NodeProcess|MortalProcess|PostgresServer|bench|demo/i;
const UNIT_TESTS = ['test/core', 'test/pki', 'test/architecture.test.ts'];

const [first, ...others] = process.argv.slice(2);
if (first === '--unit') {
  process.exitCode = await runAll(UNIT_TESTS.flatMap(testFilesIn), {});
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
    if (files.length < PREPARED_FROM) return await runAll(files, given);
    const [prepared, compiled] = await Promise.all([
      preparedStarts(folder, cluster.url),
      compileTests(root, COMPILED, [...files, ...COMPILED_PROGRAMS]),
    ]);
    const runnable = files.map((file) => compiled.get(file)!);
    return await runAll(runnable, { ...given, ...prepared, [COMPILED_VARIABLE]: COMPILED });
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

async function runAll(files: string[], settings: Record<string, string>): Promise<number> {
  const started = performance.now();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, signalRunning);
  let cpuMilliseconds = 0;
  const run = async (these: readonly string[], jobs: number): Promise<FileDigest[]> => {
    const digests: FileDigest[] = [];
    const onEnd = (ended: FileRun) => {
      const digest = digestOf({ ...ended, file: sourceName(ended.file) });
      for (const line of digest.lines) console.log(line);
      digests.push(digest);
      cpuMilliseconds += ended.cpuMilliseconds;
    };
    await runTestFiles(these, { folder: root, settings, jobs, onEnd });
    return digests;
  };
  const beside = await run(longestFirst(files), JOBS);
  const toRunAlone = new Set(filesToRunAlone(beside));
  if (toRunAlone.size > 0) console.log('once more, with nothing beside:');
  const alone = await run(
    files.filter((file) => toRunAlone.has(sourceName(file))),
    1,
  );
  const seconds = [performance.now() - started, cpuMilliseconds].map((spent) => (spent / 1000).toFixed(1));
  console.log(`in ${seconds[0]} s, with ${seconds[1]} s of CPU, on Node ${process.versions.node}`);
  const { lines, exitCode } = verdictOf(beside, alone);
  for (const line of lines) console.log(line);
  return exitCode;
}

/** Files that start browsers and other programs take longest: at the end, one of them would run by itself. */
function longestFirst(files: readonly string[]): string[] {
  const isLong = (file: string) => LONG.test(readFileSync(join(root, sourceName(file)), 'utf8'));
  const long = new Set(files.filter(isLong));
  return [...long, ...files.filter((file) => !long.has(file))];
}

/** What was compiled is called by its source. */
function sourceName(file: string): string {
  return file.replace(`${relative(root, COMPILED)}/`, '').replace('.test.mjs', '.test.ts');
}
