import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../cli/package-root.ts';

/** Programs that many tests start: each is compiled once for a run of many files. */
export const COMPILED_PROGRAMS = [
  'cli/mohr.ts',
  'test/support/command-server.ts',
  'test/support/mortal-log-worker.ts',
  'test/support/mortal-worker.ts',
  'test/support/race-worker.ts',
  'test/support/virtual-card/card-host.ts',
];

/** Set for a run of many files: the folder of what was compiled. */
export const COMPILED_VARIABLE = 'MOHR_TEST_COMPILED';

/** For `--import` in processes of both kinds. */
export const TYPESCRIPT_ON_DEMAND = new URL('./typescript-on-demand.js', import.meta.url).href;

/** Arguments for Node that run a program of ours in any working directory: as it was compiled, or from its source. */
export function programArguments(program: string): [...execArgv: string[], file: string] {
  const folder = process.env[COMPILED_VARIABLE];
  if (folder !== undefined && COMPILED_PROGRAMS.includes(program))
    return ['--import', TYPESCRIPT_ON_DEMAND, join(folder, program.replace(/\.ts$/, '.mjs'))];
  return ['--import', import.meta.resolve('tsx'), join(PACKAGE_ROOT, program)];
}

/** Starts a program of ours that speaks with this process. */
export function forkProgram(program: string): ChildProcess {
  const given = programArguments(program);
  return fork(given.at(-1)!, { cwd: PACKAGE_ROOT, execArgv: given.slice(0, -1) });
}
