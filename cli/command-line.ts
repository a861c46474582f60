import { parseArgs } from 'node:util';

import { HELP_WORDS } from './help-words.ts';
import { SETTINGS, readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

/** What a command takes beside the settings of the deployment. */
export interface CommandLineForm {
  usage: string;
  /** Arguments without a flag: exactly so many, or one and more. */
  operands: number | 'some';
  /** Flags with a value, and those without. */
  values?: readonly string[];
  switches?: readonly string[];
}

/** Where a command prints. */
export type Output = Pick<NodeJS.WritableStream, 'write'>;

export interface CommandLine {
  operands: string[];
  values: Readonly<Record<string, string | undefined>>;
  switches: ReadonlySet<string>;
  settings: Settings;
}

/** Exit code of a command that was called wrongly; 1 is left to what it found. */
export const USAGE_EXIT_CODE = 2;

/**
 * Reads a command's own arguments and the deployment's settings from one line. When it is called wrongly, says all that is
 * wrong on standard error and returns undefined.
 */
export function readCommandLine(
  form: CommandLineForm,
  args: string[],
  environment: NodeJS.ProcessEnv,
): CommandLine | undefined {
  if (args.some((arg) => HELP_WORDS.includes(arg) && arg.startsWith('-'))) {
    process.stderr.write(`mohr ${form.usage}\n`);
    return undefined;
  }
  const { values = [], switches = [] } = form;
  const read = {
    operands: [] as string[],
    values: {} as Record<string, string>,
    switches: new Set<string>(),
  };
  const faults: string[] = [];
  const ofSettings: string[] = [];
  for (const token of tokensOf(args, values)) {
    if (token.kind === 'positional') read.operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value } = token;
    if (values.includes(name) && value) read.values[name] = value;
    else if (values.includes(name)) faults.push(`--${name}: needs a value`);
    else if (switches.includes(name)) read.switches.add(name);
    else ofSettings.push(value === undefined ? `--${name}` : `--${name}=${value}`);
  }
  const { length: count } = read.operands;
  if (form.operands === 'some' ? count === 0 : count !== form.operands)
    faults.push(`${count} arguments, expected ${form.operands}`);
  const outcome = readSettings(ofSettings, environment);
  faults.push(...(outcome.faults ?? []));
  if (!outcome.faults && faults.length === 0) return { ...read, settings: outcome.settings };
  process.stderr.write(`mohr ${form.usage}\n${faults.map((fault) => `  ${fault}\n`).join('')}`);
  return undefined;
}

function tokensOf(args: string[], values: readonly string[]) {
  const withValue = Object.values(SETTINGS).filter((setting) => !('isSwitch' in setting));
  const names = [...values, ...withValue.map(({ flag }) => flag)];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  return parseArgs({ args, options, strict: false, tokens: true, allowPositionals: true }).tokens;
}
