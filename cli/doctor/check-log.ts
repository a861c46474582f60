import { AuditError } from '../../audit/audit-error.ts';
import {
  assertSigned,
  encodeNoteKey,
  isSignatureOf,
  noteKeyOf,
  parseNoteKey,
} from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { parseNote, parseSignatures } from '../../audit/note/signed-note.ts';
import { assertBeginsWith } from '../../audit/sign-checkpoint.ts';
import type { LogKeyRecord, StoredCheckpoint, TransparencyStore } from '../../audit/transparency-store.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import type { KeyStore } from '../key-store.ts';
import type { LogFolder } from '../transparency/log-folder.ts';
import type { Examiner } from './diagnosis.ts';
import { keyAdvice } from './key-advice.ts';

/** The transparency log as it is found. */
export interface ExaminedLog {
  transparency: TransparencyStore;
  records: readonly LogKeyRecord[];
  keys: Pick<KeyStore, 'openSigner'>;
  folder: Pick<LogFolder, 'path' | 'remembered'>;
  /** Keys of the witnesses that the settings name. */
  witnesses: readonly NoteKey[];
  checkpointSeconds: number;
  clock: Clock;
}

/** What takes a second when all is well; alerts say the same (docs/AUDIT.md). */
const LATE_SECONDS = 60;
/** A witness is somebody else's machine: it may be restarted. */
const WITNESS_LATE_SECONDS = 3_600;

const IS_IT_RUNNING =
  "is the process running that has the log (the service, or `--roles ca`)? Its log says why not ('the transparency log cannot be published')";

/** Whether events get their leaves and checkpoints in time. */
export async function checkProgress(log: ExaminedLog, examiner: Examiner): Promise<void> {
  const { transparency, clock, checkpointSeconds } = log;
  const { size, unsequenced, oldestUnsequencedAt } = await transparency.figures();
  const waited = secondsSince(oldestUnsequencedAt, clock);
  if (waited > LATE_SECONDS)
    examiner.fail(`${unsequenced} events wait for their leaf, the oldest for ${waited} s`, IS_IT_RUNNING);
  else examiner.ok(`${size} leaves, ${unsequenced} events wait for theirs`);
  const last = await transparency.latestCheckpoint();
  const age = secondsSince(last?.signedAt, clock);
  if (!last && size > 0)
    examiner.fail(
      `${size} leaves, and no checkpoint was ever signed`,
      `${IS_IT_RUNNING}; is the log's key there?`,
    );
  else if (last && last.size < size && age > LATE_SECONDS + checkpointSeconds)
    examiner.fail(
      `${size - last.size} leaves are under no checkpoint; the last was signed ${age} s ago`,
      `${IS_IT_RUNNING}; who owns the database could still remove them unseen`,
    );
  else if (last) examiner.ok(`a checkpoint of ${last.size} leaves, signed ${age} s ago`);
}

/** Whether the keys that sign checkpoints are here, and are those that verifiers were told. */
export async function checkLogKeys({ records, keys }: ExaminedLog, examiner: Examiner): Promise<void> {
  const living = records.filter(({ retiredAt }) => !retiredAt);
  let right = 0;
  for (const { noteKey, keyReference } of living) {
    const fault = await faultOfKey(keys, noteKey, keyReference);
    if (fault === undefined) right += 1;
    else
      examiner.fail(
        `the log's key ${keyReference} cannot be used: ${fault.detail} [${fault.code}]`,
        keyAdvice(
          fault.code,
          'put its file back into the data directory of the process that has the log; if it is lost, `mohr audit keys rotate` makes another, and `mohr audit keys retire` ends this one: tell verifiers and witnesses',
        ),
      );
  }
  if (living.length > 1)
    examiner.warn(
      `${living.length} keys sign the log`,
      'when all verifiers and witnesses know the new one: `mohr audit keys retire <old key>`',
    );
  else if (right > 0) examiner.ok("the log's key opens, and is the one that verifiers were told");
}

async function faultOfKey(
  keys: Pick<KeyStore, 'openSigner'>,
  noteKey: string,
  keyReference: string,
): Promise<{ code: string; detail: string } | undefined> {
  try {
    const known = parseNoteKey(noteKey);
    const here = noteKeyOf(await keys.openSigner(keyReference), known.name, known.kind);
    if (encodeNoteKey(here) === noteKey) return undefined;
    return { code: 'key-mismatch', detail: 'it is another key than was told' };
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** Holds the database against what is kept of it outside, as each start does. */
export async function checkKeptOutside(log: ExaminedLog, examiner: Examiner): Promise<void> {
  const { transparency, folder, records } = log;
  const last = await transparency.latestCheckpoint();
  try {
    const kept = await folder.remembered();
    if (kept) {
      const keys = records.map(({ noteKey }) => parseNoteKey(noteKey));
      assertSigned(parseNote(kept.note), keys);
      await assertBeginsWith(transparency, await transparency.treeSize(), kept);
    }
    checkFolderFollows(log, kept?.size, last, examiner);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    examiner.fail(`${folder.path}: ${error.detail} [${error.code}]`, ADVICE[error.code] ?? ADVICE.otherwise);
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  'log-behind':
    'an older database was restored: `mohr audit replay` with this folder gives it back what it lacks (docs/BACKUP.md)',
  'log-forked':
    'this is another history than was published: keep both, run `mohr fsck`, and find out who had the database (docs/BACKUP.md)',
  'note-signature':
    "the checkpoint that is kept there was signed by none of the log's keys: compare with a witness and with another copy, and find out who can write there",
  otherwise: 'what is kept there cannot be read: compare with another copy, and put it back (docs/BACKUP.md)',
};

function checkFolderFollows(
  { folder, clock, checkpointSeconds }: ExaminedLog,
  keptSize: number | undefined,
  last: StoredCheckpoint | undefined,
  examiner: Examiner,
): void {
  const isLate = last && secondsSince(last.signedAt, clock) > LATE_SECONDS + checkpointSeconds;
  if (isLate && (keptSize ?? 0) < last.size)
    examiner.fail(
      `${folder.path} has ${keptSize ?? 'no'} leaves of the ${last.size} that are signed`,
      'is this the folder of MOHR_LOG_DIR, is it mounted, has its disk room, may the service write there? Without it nothing notices an older database',
    );
  else if (keptSize !== undefined)
    examiner.ok(`${folder.path} has ${keptSize} leaves, all as in the database`);
}

/** Whether those who would see the log rewritten have seen it. */
export async function checkWitnesses(
  { transparency, witnesses, clock }: ExaminedLog,
  examiner: Examiner,
): Promise<void> {
  if (witnesses.length === 0)
    examiner.warn(
      'the log has no witness: only its own folder tells of a history that was replaced',
      'have an auditor run `mohr audit witness` elsewhere, and name it in MOHR_LOG_WITNESSES (docs/AUDIT.md)',
    );
  const witnessed = await transparency.witnessed();
  for (const key of witnesses) {
    const size = witnessed.get(key.name) ?? 0;
    if (size > 0 && !(await hasCosigned(transparency, key, size))) {
      examiner.fail(
        `what is recorded as the cosignature of ${key.name} on ${size} leaves is none`,
        'is its key in MOHR_LOG_WITNESSES the one it signs with? If so, somebody has written to the database',
      );
      continue;
    }
    const unseen = await transparency.firstCheckpointAfter(size);
    const late = secondsSince(unseen?.signedAt, clock);
    if (late > WITNESS_LATE_SECONDS)
      examiner.fail(
        `${key.name} has cosigned ${size} leaves, and none that were signed since ${late} s ago`,
        "call whoever runs it; mohr_log_failures_total says whether it is away or refuses. 'log-forked' there is an alarm, not a fault (docs/AUDIT.md)",
      );
    else examiner.ok(`${key.name} has cosigned ${size} leaves`);
  }
}

async function hasCosigned(log: TransparencyStore, key: NoteKey, size: number): Promise<boolean> {
  const checkpoint = await log.checkpointOf(size);
  const cosignature = (await log.cosignaturesOf(size)).find(({ witness }) => witness === key.name);
  if (!checkpoint || !cosignature) return false;
  try {
    const { text } = parseNote(checkpoint.note);
    return parseSignatures(cosignature.line).some((line) => isSignatureOf(key, text, line));
  } catch (error) {
    if (error instanceof AuditError) return false;
    throw error;
  }
}

/** 0 for what is not there. */
function secondsSince(at: Date | undefined, clock: Clock): number {
  return at ? Math.round((clock.now().getTime() - at.getTime()) / 1000) : 0;
}
