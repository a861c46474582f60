import { execFile } from 'node:child_process';

/** Runs a program of the operating system to its end and resolves to what it printed; rejects when it fails or is slow. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

const TIMEOUT_MILLISECONDS = 3_000;
const OUTPUT_OCTETS_MAX = 65_536;

export const runClockProgram: RunProgram = (program, args) =>
  new Promise((settle, fail) => {
    const options = {
      timeout: TIMEOUT_MILLISECONDS,
      maxBuffer: OUTPUT_OCTETS_MAX,
      // Numbers and units in the form that is parsed, whatever the operator's language.
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    };
    execFile(program, [...args], options, (error, stdout) => {
      if (error) fail(new Error(`${program} cannot be asked`, { cause: error }));
      else settle(stdout);
    });
  });
