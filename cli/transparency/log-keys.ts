import type { AuditActor } from '../../audit/audit-event.ts';
import { AuditError } from '../../audit/audit-error.ts';
import { encodeNoteKey, noteKeyOf, parseNoteKey } from '../../audit/note/note-key.ts';
import type { LogSigner } from '../../audit/sign-checkpoint.ts';
import type { LogKeyRecord } from '../../audit/transparency-store.ts';
import type { Clock } from '../../core/clock.ts';
import type { KeyStore } from '../key-store.ts';
import type { Stores } from '../stores.ts';

export interface LogKeysOptions {
  stores: Pick<Stores, 'database' | 'logKeys' | 'logSequencer' | 'audit'>;
  keys: Pick<KeyStore, 'create' | 'openSigner' | 'listFiles'>;
  clock: Clock;
  /** Name of the log, once it has a first key; host and path of where it is read. */
  origin: string;
}

/** What the log is called: where it is read, without the scheme. @see https://c2sp.org/tlog-checkpoint */
export function originOf(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '')}/log`;
}

/** Keys to sign with that this process has, a first one made where the log has none; empty where others have them. */
export async function logSigners(options: LogKeysOptions, actor: AuditActor): Promise<LogSigner[]> {
  const known = await livingKeys(options);
  const living = known.length > 0 ? known : await addLogKey(options, actor, { onlyFirst: true });
  const here = new Set(await options.keys.listFiles());
  return Promise.all(
    living
      .filter(({ keyReference }) => here.has(keyReference))
      .map(async ({ noteKey, keyReference }) => ({
        key: parseNoteKey(noteKey),
        signer: await options.keys.openSigner(keyReference),
      })),
  );
}

/** Makes a key that signs beside those that there are, and says so in the log; resolves to all that are not retired. */
export async function addLogKey(
  options: LogKeysOptions,
  actor: AuditActor,
  { onlyFirst = false } = {},
): Promise<LogKeyRecord[]> {
  const { stores, keys, clock } = options;
  const keyReference = await keys.create('log', 'ed25519');
  const signer = await keys.openSigner(keyReference);
  return stores.database.transaction(async (tx) => {
    // Waits for whoever sequences, and keeps a second first key from being made.
    await stores.logSequencer.size(tx);
    const all = await stores.logKeys.listKeys(tx);
    const living = all.filter(({ retiredAt }) => !retiredAt);
    if (onlyFirst && living.length > 0) return living;
    const name = all.length > 0 ? parseNoteKey(all[0].noteKey).name : options.origin;
    const noteKey = encodeNoteKey(noteKeyOf(signer, name, 'ed25519'));
    const record = { noteKey, keyReference, addedAt: clock.now() };
    await stores.logKeys.insertKey(tx, record);
    await stores.audit.record(tx, eventOf('add-log-key', noteKey, clock.now(), actor));
    return [...living, record];
  });
}

/** A key that has done its time signs no more. Throws AuditError `note-signature` when it is unknown, or the last one. */
export async function retireLogKey(
  { stores, clock }: Pick<LogKeysOptions, 'stores' | 'clock'>,
  noteKey: string,
  actor: AuditActor,
): Promise<void> {
  await stores.database.transaction(async (tx) => {
    await stores.logSequencer.size(tx);
    const living = (await stores.logKeys.listKeys(tx)).filter(({ retiredAt }) => !retiredAt);
    if (!living.some((one) => one.noteKey === noteKey) || living.length === 1)
      throw new AuditError('note-signature', 'this is none of the keys of the log, or the only one');
    await stores.logKeys.retireKey(tx, noteKey, clock.now());
    await stores.audit.record(tx, eventOf('retire-log-key', noteKey, clock.now(), actor));
  });
}

async function livingKeys({ stores }: LogKeysOptions): Promise<LogKeyRecord[]> {
  const keys = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
  return keys.filter(({ retiredAt }) => !retiredAt);
}

function eventOf(action: string, noteKey: string, at: Date, actor: AuditActor) {
  return { at, actor, action, outcome: 'accepted' as const, subject: 'log:key', details: { noteKey } };
}
