import { systemClock } from '../../core/clock.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { CHECKS, exitCodeOf } from './diagnosis.ts';
import type { Diagnosis, Severity } from './diagnosis.ts';
import { examine } from './examine.ts';
import type { ExaminationOptions } from './examine.ts';

const FORM = { usage: 'doctor [--json] [--quiet] [flags]', operands: 0, switches: ['json', 'quiet'] };

/**
 * `mohr doctor`: checks the deployment that the settings name, and says what to do. Exit code 0: all is well; 1: something will
 * be a fault; 3: something is one. With `--json` one object a line, with `--quiet` only what is not well.
 */
export async function doctor(
  args: string[],
  output: Output = process.stdout,
  tools: Pick<ExaminationOptions, 'synchronisation'> = {},
): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const found = await examine({ settings: line.settings, clock: systemClock, ...tools });
  const shown = [...found]
    .sort((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check))
    .filter(({ severity }) => severity !== 'ok' || !line.switches.has('quiet'));
  for (const one of shown) output.write(line.switches.has('json') ? `${JSON.stringify(one)}\n` : textOf(one));
  return exitCodeOf(found);
}

const MARKS: Record<Severity, string> = { ok: 'ok      ', warning: 'warning ', critical: 'FAULT   ' };

function textOf({ check, severity, finding, advice }: Diagnosis): string {
  const todo = advice === undefined ? '' : `\n${' '.repeat(22)}-> ${advice}`;
  return `${MARKS[severity]}${check.padEnd(14)}${finding}${todo}\n`;
}
