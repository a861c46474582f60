import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** No program of the tests takes this long, unless it hangs. */
const MILLISECONDS_MAX = 300_000;

/** Runs a program of others to its end, whatever its exit code; resolves to what it printed, standard error last. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { folder, variables }: { folder: string; variables?: Record<string, string> },
): Promise<{ code: number; output: string }> {
  const options = { cwd: folder, env: { ...process.env, ...variables }, timeout: MILLISECONDS_MAX };
  try {
    const running = run(program, args, options);
    running.child.stdin?.end();
    const { stdout, stderr } = await running;
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number | string; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, output: `${stdout}${stderr}` };
  }
}
