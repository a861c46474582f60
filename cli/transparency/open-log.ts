import { join } from 'node:path';

import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

import { AuditError } from '../../audit/audit-error.ts';
import { parseNoteKey } from '../../audit/note/note-key.ts';
import { sequenceAll } from '../../audit/sequence-events.ts';
import { signCheckpoint, stampCheckpoint } from '../../audit/sign-checkpoint.ts';
import { showCheckpoint } from '../../audit/witness/show-checkpoint.ts';
import type { Witness } from '../../audit/witness/witness.ts';
import { Pulse } from '../../ca/crl/pulse.ts';
import type { Clock } from '../../core/clock.ts';
import { FaultLog } from '../fault-log.ts';
import { KeyStore } from '../key-store.ts';
import type { KeyStoreOptions } from '../key-store.ts';
import { SERVICE } from '../service-actor.ts';
import type { Stores } from '../stores.ts';
import { readWitnesses } from './http-witness.ts';
import { LogFolder } from './log-folder.ts';
import { logSigners, originOf } from './log-keys.ts';
import { LogPruner } from './log-pruner.ts';
import { logMetrics } from './log-metrics.ts';
import { LOG_SETTINGS } from './log-settings.ts';
import type { LogSettings } from './log-settings.ts';
import { assertLogStands } from './log-standing.ts';

export interface LogOptions extends KeyStoreOptions, Partial<LogSettings> {
  stores: Pick<Stores, 'database' | 'transparency' | 'logKeys' | 'logSequencer' | 'audit'>;
  publicUrl: string;
  dataDirectory: string;
  clock: Clock;
  logger: Logger;
  registry: Registry;
  /** RFC 3161 token over a SHA-256 hash; absent: nobody stamps checkpoints. */
  stamp?: (hash: Buffer) => Promise<Buffer>;
  /** By how much the file of all checkpoints grows before it is thinned; absent: some megabytes. */
  historyOctets?: number;
  /** Instead of those of the settings. */
  witnesses?: readonly Witness[];
  /** Told when the database is no longer the one that the log was signed over; nothing of this process may be believed then. */
  onRolledBack?: (error: AuditError) => void;
}

/** Who can have what was recorded up to now put under a signed checkpoint soon. */
export interface LogPublisher {
  publish(): Promise<void>;
  /** Has the newest checkpoint stamped; absent where another process has the log. */
  stamp?(): Promise<void>;
}

export interface RunningLog extends LogPublisher {
  /** Sequences what has committed, signs it, keeps it outside and shows it to witnesses; rejects with the first thing that fails. */
  publish(): Promise<void>;
  /** Publishes soon, since somebody waits for it: however many ask, once in a second at most. */
  hurry(): void;
  stamp(): Promise<void>;
  /** Lets go of checkpoints that say nothing more than later ones. */
  prune(): Promise<void>;
  close(): Promise<void>;
}

/** An event is in the tree, if not yet signed, within so long. */
const SEQUENCING_MILLISECONDS = 250;
/** Of a second: each checkpoint is a signature, a write to the disk and a request to each witness. */
const HURRY_MILLISECONDS = 1_000;
/** Each stamp makes an event of its own within the minute: more often would have the log talk to itself. */
const STAMPING_MILLISECONDS = 600_000;
const PRUNING_MILLISECONDS = 60_000;

export function folderOf({
  logDirectory,
  dataDirectory,
}: Pick<LogOptions, 'logDirectory' | 'dataDirectory'>): string {
  return logDirectory ?? join(dataDirectory, 'log');
}

/** Opens what looks after the transparency log of this process. */
export async function openLog(options: LogOptions): Promise<RunningLog> {
  const { stores, clock, logger, registry } = options;
  const { transparency, database: transactions } = stores;
  // The key of the log is in a file always: tokens that sign with Ed25519 are rare.
  const keys = await KeyStore.open(join(options.dataDirectory, 'keys'), { ...options, keys: 'file' });
  const witnesses = options.witnesses ?? (await readWitnesses(options.logWitnesses));
  const metrics = logMetrics(registry, {
    transparency,
    clock,
    witnesses: witnesses.map(({ key }) => key.name),
  });
  const folder = new LogFolder(folderOf(options), options);
  const keyHouse = { stores, keys, clock, origin: originOf(options.publicUrl) };
  const house = { transparency, transactions, clock, logSigners: () => logSigners(keyHouse, SERVICE) };
  const sequencer = { sequencer: stores.logSequencer, transactions };
  // Whoever publishes waits for a batch that is on its way, instead of signing the tree without it.
  let sequencing: Promise<unknown> = Promise.resolve();
  const sequence = () => (sequencing = sequencing.catch(() => undefined).then(() => sequenceAll(sequencer)));
  const publishOnce = async () => {
    await sequence();
    await assertLogStands({ transparency, folder, witnesses: [] });
    await signCheckpoint(house);
    const checkpoint = await transparency.latestCheckpoint();
    if (checkpoint) await folder.publish(transparency, checkpoint);
    await Promise.all(witnesses.map((witness) => showCheckpoint(house, witness)));
  };
  // One at a time: the folder has one writer.
  let publishing: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => (publishing = publishing.catch(() => undefined).then(work));
  const publish = () => inTurn(publishOnce);
  const stamp = async () => void (options.stamp && (await stampCheckpoint(house, options.stamp)));
  let isWanted = false;
  const publishWanted = async () => {
    if (!isWanted) return;
    isWanted = false;
    await publish();
  };
  const faults = new FaultLog(logger, clock, 'the transparency log cannot be published');
  const tell = (error: unknown) => {
    metrics.onFailure(error);
    faults.tell(error);
  };
  const logKeys = async () => {
    const keys = await transactions.transaction((tx) => stores.logKeys.listKeys(tx));
    return keys.map(({ noteKey }) => parseNoteKey(noteKey));
  };
  const pruner = new LogPruner({ ...house, ...sequencer, logKeys }, folder);
  const prune = () => inTurn(() => pruner.prune(tell));
  let isRolledBack = false;
  const guarded = (work: () => Promise<unknown>) => async () => {
    if (isRolledBack) return;
    try {
      await work();
    } catch (error) {
      tell(error);
      isRolledBack = error instanceof AuditError && ['log-behind', 'log-forked'].includes(error.code);
      if (isRolledBack) options.onRolledBack?.(error as AuditError);
    }
  };
  const { checkpointSeconds = Number(LOG_SETTINGS.checkpointSeconds.fallback) } = options;
  const pulses = [
    afterAnInterval(SEQUENCING_MILLISECONDS, guarded(sequence)),
    afterAnInterval(checkpointSeconds * 1000, guarded(publish)),
    afterAnInterval(HURRY_MILLISECONDS, guarded(publishWanted)),
    afterAnInterval(STAMPING_MILLISECONDS, guarded(stamp)),
    afterAnInterval(PRUNING_MILLISECONDS, guarded(prune)),
  ];
  return {
    publish,
    hurry: () => void (isWanted = true),
    stamp,
    prune,
    close: async () => {
      for (const pulse of pulses) await pulse.stop();
      await publishing.catch(() => undefined);
      await keys.close();
    },
  };
}

/** What is new at the start can wait: others want the database now. */
function afterAnInterval(
  intervalMilliseconds: number,
  work: () => Promise<unknown>,
): { stop(): Promise<void> } {
  const pulse = new Pulse({ intervalMilliseconds, work });
  const first = setTimeout(() => pulse.wake(), intervalMilliseconds);
  return {
    stop: () => {
      clearTimeout(first);
      return pulse.stop();
    },
  };
}
