import { transcriptText } from '../../ca/ceremony/transcript-text.ts';
import { systemClock } from '../../core/clock.ts';
import { openEmbedded } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { VERSION } from '../package-root.ts';
import { readSettings } from '../settings.ts';
import { runCeremony } from './run-ceremony.ts';

/** `mohr ceremony <file.yaml> [flags]`: runs one act and prints its transcript. Resolves to the exit code. */
export async function ceremony([file, ...flags]: string[]): Promise<number> {
  const outcome = readSettings(flags, process.env);
  const faults = [
    ...(file === undefined || file.startsWith('-') ? ['the reviewed file comes first'] : []),
    ...(outcome.faults ?? []),
  ];
  if (file === undefined || outcome.faults || faults.length > 0) {
    process.stderr.write(
      `mohr ceremony <file.yaml> [flags]\n${faults.map((fault) => `  ${fault}\n`).join('')}`,
    );
    return 2;
  }
  const { settings } = outcome;
  const { databaseUrl, dataDirectory } = settings;
  const transcript = await runCeremony({
    file,
    settings,
    openDatabase: () => (databaseUrl ? openPostgres(databaseUrl) : openEmbedded(dataDirectory)),
    clock: systemClock,
    tool: { mohr: VERSION, node: process.versions.node, openssl: process.versions.openssl },
    secrets: {
      credentialsDirectory: process.env['CREDENTIALS_DIRECTORY'],
      terminal: { input: process.stdin, output: process.stderr },
    },
  });
  process.stdout.write(transcriptText(transcript));
  return 0;
}
