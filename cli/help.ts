import { COMMANDS } from './commands.ts';
import type { Command } from './commands.ts';

/** All commands, a line each. */
export function listOfCommands(): string {
  const known = COMMANDS.map(({ usage, summary }) => `  mohr ${usage.padEnd(34)} ${summary}`);
  return `mohr <command>\n\n${known.join('\n')}\n\nmohr <command> --help: its flags\n`;
}

/** One command, with the flags that all commands take. */
export async function helpOfCommand({ usage, summary }: Command): Promise<string> {
  const { SETTINGS } = await import('./settings.ts');
  const flags = Object.values(SETTINGS).map(
    ({ flag, variable, fallback, meaning }) =>
      `  --${flag.padEnd(28)} ${variable}\n      ${meaning} [${fallback}]`,
  );
  return `mohr ${usage}\n  ${summary}\n\nFlags, and variables; the flag wins:\n${flags.join('\n')}\n`;
}
