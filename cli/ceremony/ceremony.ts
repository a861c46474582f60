import { transcriptText } from '../../ca/ceremony/transcript-text.ts';
import { systemClock } from '../../core/clock.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { openDatabase } from '../open-database.ts';
import { VERSION } from '../package-root.ts';
import { runCeremony } from './run-ceremony.ts';

/** `mohr ceremony <file.yaml> [flags]`: runs one act and prints its transcript. Resolves to the exit code. */
export async function ceremony(args: string[]): Promise<number> {
  const line = readCommandLine({ usage: 'ceremony <file.yaml> [flags]', operands: 1 }, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { settings } = line;
  const transcript = await runCeremony({
    file: line.operands[0],
    settings,
    openDatabase: () => openDatabase(settings),
    clock: systemClock,
    tool: { mohr: VERSION, node: process.versions.node, openssl: process.versions.openssl },
    secrets: {
      credentialsDirectory: settings.credentialsDirectory,
      terminal: { input: process.stdin, output: process.stderr },
    },
  });
  process.stdout.write(transcriptText(transcript));
  return 0;
}
