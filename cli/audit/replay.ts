import { join } from 'node:path';

import { replayLog } from '../../audit/replay/replay-log.ts';
import type { ReplayReport } from '../../audit/replay/replay-log.ts';
import { parseNoteKey } from '../../audit/note/note-key.ts';
import { systemClock } from '../../core/clock.ts';
import { PgLogReplay } from '../../db/pg-log-replay.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { withStores } from '../open-database.ts';
import { readCertificateArchive } from '../transparency/certificate-archive.ts';
import { openPublishedCopy } from '../transparency/published-copy.ts';
import { readLogKeys } from '../transparency/read-log-keys.ts';

const FORM = {
  usage:
    'audit replay <folder or URL of the log> [--certificates <folder>] [--log-key <key or file>] [flags]',
  operands: 1,
  values: ['certificates', 'log-key'],
};
const ACTOR = { kind: 'operator', id: 'mohr-audit' } as const;

/** `mohr audit replay`: gives a restored database back what the published log says that it lacks. Resolves to the exit code. */
export async function replay(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const [place] = line.operands;
  const archive = await readCertificateArchive([
    join(place, 'certificates'),
    ...(line.values['certificates'] === undefined ? [] : [line.values['certificates']]),
  ]);
  const pinned = await readLogKeys(line.values['log-key']);
  const report = await withStores(line.settings, async (stores) => {
    const known = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
    return replayLog(
      {
        replay: new PgLogReplay(stores.database),
        audit: stores.audit,
        transactions: stores.database,
        clock: systemClock,
        copy: openPublishedCopy(place),
        logKeys: pinned ?? known.map(({ noteKey }) => parseNoteKey(noteKey)),
        findCertificate: async (sha256) => archive.get(sha256),
      },
      ACTOR,
    );
  });
  output.write(textOf(report));
  return 0;
}

function textOf({ fromSize, toSize, statusChanges, certificates }: ReplayReport): string {
  if (fromSize === toSize)
    return `the log has ${toSize} leaves here, no fewer than were published: nothing to replay\n`;
  return [
    `replayed leaves ${fromSize} to ${toSize - 1}: ${statusChanges} status changes`,
    `certificates that were issued after the backup, and are known again: ${certificates.length}`,
    ...certificates.map((subject) => `  ${subject}`),
    'What officers filed and decided since then is lost; their events are in the log. Run `mohr fsck` next.',
    '',
  ].join('\n');
}
