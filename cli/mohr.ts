#!/usr/bin/env node
import { DomainError } from '../core/errors.ts';
import { COMMANDS } from './commands.ts';
import { HELP_WORDS } from './help-words.ts';
import { helpOfCommand, listOfCommands } from './help.ts';
import { VERSION } from './package-root.ts';

const [name = 'help', ...args] = process.argv.slice(2);
const command = COMMANDS.find((candidate) => candidate.name === name);

if (name === '--version') {
  process.stdout.write(`${VERSION}\n`);
} else if (!command) {
  process.stdout.write(listOfCommands());
  process.exitCode = HELP_WORDS.includes(name) ? 0 : 2;
} else if (HELP_WORDS.includes(args[0])) {
  process.stdout.write(await helpOfCommand(command));
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
