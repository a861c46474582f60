#!/usr/bin/env node
import { DomainError } from '../core/errors.ts';
import { COMMANDS } from './commands.ts';
import { VERSION } from './package-root.ts';

const [name = 'help', ...args] = process.argv.slice(2);
const command = COMMANDS.find((candidate) => candidate.name === name);

if (name === '--version') {
  process.stdout.write(`${VERSION}\n`);
} else if (!command) {
  const known = COMMANDS.map((candidate) => `  mohr ${candidate.usage.padEnd(34)} ${candidate.summary}`);
  process.stdout.write(`mohr <command>\n\n${known.join('\n')}\n`);
  process.exitCode = name === 'help' ? 0 : 2;
} else {
  try {
    const run = await command.load();
    process.exitCode = await run(args);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    process.stderr.write(`mohr ${name}: ${error.detail} [${error.code}]\n`);
    // Not exitCode: a command that failed half-way may have left a database or a timer open.
    process.exit(1);
  }
}
