import { basename, dirname, resolve } from 'node:path';

import type { ActName, CeremonyAct } from '../../ca/ceremony/act.ts';
import { CeremonyError } from '../../ca/ceremony/ceremony-error.ts';
import { parseAct } from '../../ca/ceremony/parse-act.ts';
import { lintSummary } from '../../ca/ceremony/transcript.ts';
import type { Transcript } from '../../ca/ceremony/transcript.ts';
import { wholeSeconds } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import type { ScryptCost } from '../../keys/pbes2-key-derivation.ts';
import { checkKeyWith } from '../check-key.ts';
import type { Settings } from '../settings.ts';
import type { ActContext, ActOutcome, ActRunner } from './act-runner.ts';
import { ACTS } from './acts.ts';
import { CeremonyFiles, readBounded, sha256Of } from './ceremony-files.ts';
import { CeremonyProfiles } from './ceremony-profiles.ts';
import { keysOfAct } from './keys-of-act.ts';
import { withOnlineHouse } from './online-house.ts';
import { TRANSCRIPT_SUFFIXES, sealTranscript } from './seal-transcript.ts';
import type { SecretSurroundings } from './secret-reader.ts';

export interface CeremonyOptions {
  /** The reviewed file. */
  file: string;
  /** Of the online deployment; offline acts use nothing of them. */
  settings: Pick<Settings, 'dataDirectory' | 'publicUrl' | 'keyPassphraseFile'> &
    Partial<Pick<Settings, 'keyPassphrasePrompt'>>;
  /** Opens the deployment's database, brought to the newest schema; closed again when the act is done. */
  openDatabase: () => Promise<OpenedPool>;
  clock: Clock;
  /** Name and version of everything that takes part. */
  tool: Record<string, string>;
  secrets: Omit<SecretSurroundings, 'folder'>;
  /** Of new key files; that of `keys/` when absent. */
  cost?: ScryptCost;
}

/**
 * Runs the act of one reviewed file. Each step says what a crash right after it leaves:
 *
 * 1. check the file, the day, and that nothing would be overwritten     – nothing
 * 2. open the key that signs the transcript, made at first use          – that key
 * 3. run the act: checks, lints, signature, lints; online, one transaction – new keys, and what the transaction wrote
 * 4. write the signed transcript, which has the digests of all outputs  – a transcript without its outputs
 * 5. write the outputs                                                  – all of it
 *
 * So no certificate ever lies there without a transcript. Resolves with the transcript. Throws DomainErrors: CeremonyError,
 * and what profiles, keys and the authorities refuse.
 */
export async function runCeremony(options: CeremonyOptions): Promise<Transcript> {
  const now = wholeSeconds(options.clock.now());
  const contents = await readBounded(options.file);
  const reviewedFile = { path: basename(options.file), sha256: sha256Of(contents) };
  const act = parseAct(contents.toString('utf8'), reviewedFile.path);
  assertDay(act, now);
  const files = new CeremonyFiles(options.file, act.output);
  const stem = reviewedFile.path.replace(/\.ya?ml$/, '');
  const runner: ActRunner<ActName> = ACTS[act.act];
  const names = runner.outputs(act);
  await files.assertAbsent([...names, ...TRANSCRIPT_SUFFIXES.map((suffix) => stem + suffix)]);

  const keys = await keysOfAct(act, { ...options, ...options.settings });
  try {
    const transcriptSigner = await keys.openTranscriptKey(act.transcriptKey);
    const context = contextOf(act, options, { files, keys, now, ceremonySha256: reviewedFile.sha256 });
    const outcome = await runner.run(context, act);
    const outputs = names.map((name, index) => ({ name, contents: outcome.contents[index] }));
    const transcript: Transcript = {
      ...headOf(act, options, now),
      reviewedFile,
      filesRead: files.filesRead,
      filesWritten: outputs.map((output) => files.written(output)),
      ...(context.profiles.used && { profile: context.profiles.used }),
      keys: keys.used,
      ...factsOf(outcome),
    };
    await files.write([...(await sealTranscript(transcript, stem, transcriptSigner)), ...outputs]);
    return transcript;
  } finally {
    await keys.close();
  }
}

function assertDay({ date }: CeremonyAct, now: Date): void {
  const today = now.toISOString().slice(0, 10);
  if (today !== date) {
    throw new CeremonyError(
      'date-unexpected',
      `this machine's clock says ${today} (UTC), the reviewed file ${date}`,
    );
  }
}

function contextOf(
  act: CeremonyAct,
  { file, settings, openDatabase, clock }: CeremonyOptions,
  parts: Pick<ActContext, 'files' | 'keys' | 'now' | 'ceremonySha256'>,
): ActContext {
  const { dataDirectory, publicUrl } = settings;
  const online = { openDatabase, publicUrl, clock, action: act.act };
  return {
    ...parts,
    // Offline nothing is known to be blocked; the import asks the deployment's list.
    checkKey: checkKeyWith({ isBlocked: async () => false }),
    profiles: new CeremonyProfiles({ reviewedFile: dirname(resolve(file)), dataDirectory }),
    online: (authorityId, work) => withOnlineHouse({ ...online, authorityId }, work),
  };
}

function headOf(act: CeremonyAct, { clock, tool }: CeremonyOptions, startedAt: Date) {
  return {
    format: 'mohr-ceremony-transcript-1' as const,
    act: act.act,
    title: act.title,
    witnesses: act.witnesses,
    startedAt: startedAt.toISOString(),
    endedAt: wholeSeconds(clock.now()).toISOString(),
    tool,
  };
}

function factsOf({ certificates, reports, facts }: ActOutcome) {
  return { certificates, ...(reports && { lints: lintSummary(reports) }), facts: facts ?? {} };
}
