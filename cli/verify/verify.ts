import { systemClock } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { CommandLine } from '../command-line.ts';
import { findSignedFiles } from './find-signed-files.ts';
import { resultsFile, resultsTo } from './results-file.ts';
import { VerifyError } from './verify-error.ts';
import { verifyFiles } from './verify-files.ts';
import { readLogKeys } from '../transparency/read-log-keys.ts';
import { verifyPackFile } from './verify-pack-file.ts';
import type { Counts } from './verify-files.ts';
import { withVerifyHouse } from './verify-house.ts';

const FORM = {
  usage:
    'verify <folder or file> … [--out <results.ndjson> [--resume]] [--trust <roots.pem>] [--received-at <time>] [--threads <n>] [flags]\n' +
    'mohr verify --offline <pack.zip> --trust <roots.pem> [--log-key <key or file>]',
  operands: 'some' as const,
  values: ['out', 'trust', 'received-at', 'threads', 'log-key'],
  switches: ['resume', 'offline'],
};

const PROGRESS_MILLISECONDS = 1_000;

/**
 * `mohr verify`: validates signed files as the service does, one JSON object a line, progress on standard error. Exit code 0: all have
 * passed; 1: one has not; 2: called wrongly.
 */
export async function verify(args: string[]): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  const options = line && optionsOf(line);
  if (!options) {
    if (line) process.stderr.write(`mohr ${FORM.usage}\n`);
    return USAGE_EXIT_CODE;
  }
  const { settings, operands, values } = line;
  if (line.switches.has('offline')) return verifyOffline(operands, values);
  const { threads, receivedAt, out, resume } = options;
  const house = {
    settings,
    ...(values['trust'] !== undefined && { trustFile: values['trust'] }),
    ...(threads !== undefined && { threads }),
  };
  const counts = await withVerifyHouse(house, async (workers) => {
    const results = out === undefined ? resultsTo(process.stdout) : await resultsFile(out, { resume });
    try {
      return await verifyFiles(findSignedFiles(operands), {
        validate: (documents) => workers.validate(documents),
        chunksMax: workers.chunksMax,
        results,
        ...(receivedAt && { receivedAt }),
        onProgress: tellProgress(systemClock),
      });
    } finally {
      await results.close();
    }
  });
  if (counts.done === 0)
    throw new VerifyError('nothing-to-verify', `no signed file in ${operands.join(', ')}`);
  process.stderr.write(`verify: ${counts.done} files, ${counts.notPassed} have not passed\n`);
  return counts.notPassed === 0 ? 0 : 1;
}

/** One finding a line, then the verdict that the pack is about; exit code 0: everything holds, and the signature has passed. */
async function verifyOffline(packs: readonly string[], values: CommandLine['values']): Promise<number> {
  const [pack, ...others] = packs;
  const trustFile = values['trust'];
  if (trustFile === undefined || others.length > 0) {
    process.stderr.write(`mohr ${FORM.usage}\n`);
    return USAGE_EXIT_CODE;
  }
  const { holds, findings, report, sealedAt } = await verifyPackFile(pack, {
    trustFile,
    clock: systemClock,
    logKeys: await readLogKeys(values['log-key']),
  });
  for (const { check, outcome, detail } of findings)
    process.stdout.write(`${outcome === 'passed' ? '✓' : '✗'} ${check}: ${detail}\n`);
  const said = report && [report.Report.indication, report.Report.subIndication].filter(Boolean).join('/');
  process.stdout.write(
    holds ? `the pack holds; ${said} as of ${sealedAt}\n` : 'the pack does not hold: it proves nothing\n',
  );
  return holds && report?.Report.indication === 'TOTAL-PASSED' ? 0 : 1;
}

/** Undefined when it is called wrongly. */
function optionsOf({ values, switches }: CommandLine) {
  const { out } = values;
  const resume = switches.has('resume');
  const threads = values['threads'] === undefined ? undefined : Number(values['threads']);
  const receivedAt = values['received-at'] === undefined ? undefined : new Date(values['received-at']);
  if (resume && out === undefined) return undefined;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 64))
    return undefined;
  if (receivedAt && Number.isNaN(receivedAt.getTime())) return undefined;
  return { out, resume, threads, receivedAt };
}

/** At most once a second. */
function tellProgress(clock: Clock): (counts: Counts) => void {
  const start = clock.now().getTime();
  let told = start;
  let before: number | undefined;
  return ({ done, notPassed }) => {
    const now = clock.now().getTime();
    before ??= done;
    if (now - told < PROGRESS_MILLISECONDS) return;
    told = now;
    const rate = Math.round(((done - before) * 1000) / (now - start));
    process.stderr.write(`verify: ${done} files, ${notPassed} have not passed, ${rate} a second\n`);
  };
}
