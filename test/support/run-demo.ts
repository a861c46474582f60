import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { MOHR } from './start-mohr.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A program that ended: its exit code, and what it printed on both outputs. */
interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** `mohr demo` starts a service and waits for the next second now and then; a busy machine takes longer for it. */
const DEMO_MILLISECONDS_MAX = 600_000;

/** Runs `mohr demo` in a folder of its own with the given files in it; `out` is what it leaves. */
export async function runDemo(
  t: Parameters<typeof temporaryFolder>[0],
  variables: Record<string, string> = {},
  files: Record<string, Buffer> = {},
): Promise<Ended & { out: string }> {
  const folder = temporaryFolder(t);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const ended = await run(process.execPath, [...MOHR, 'demo'], folder, variables);
  return { ...ended, out: join(folder, 'demo-out') };
}

/** Runs a shell script file, or with `-c` a line. */
export function runShell(args: string[], cwd: string): Promise<Ended> {
  return run('sh', args, cwd, {});
}

async function run(
  program: string,
  args: string[],
  cwd: string,
  variables: Record<string, string>,
): Promise<Ended> {
  const options = { cwd, env: { ...process.env, ...variables }, timeout: DEMO_MILLISECONDS_MAX };
  try {
    return { status: 0, ...(await promisify(execFile)(program, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout: string; stderr: string };
    return { status: code ?? 1, stdout, stderr };
  }
}
