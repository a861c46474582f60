import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { encodeCheckpoint, parseCheckpoint } from '../../audit/checkpoint.ts';
import { parseNoteKey } from '../../audit/note/note-key.ts';
import { encodeNote, parseNote } from '../../audit/note/signed-note.ts';
import { proveEvent, verifyEventProof } from '../../audit/prove-event.ts';
import { fatesOutside } from '../../audit/prune-checkpoints.ts';
import { checkLog } from '../../cli/fsck/check-log.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { systemClock } from '../../core/clock.ts';
import { LogRecords } from '../../db/log-records.ts';
import { onBothDatabases, onPostgres } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { tamper } from '../support/tamper.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestLog } from '../support/test-log.ts';

const DAY_SECONDS = 86_400;

async function sizesIn(folder: LogFolder): Promise<number[]> {
  const sizes: number[] = [];
  for await (const note of folder.history()) sizes.push(parseCheckpoint(parseNote(note).text).size);
  return sizes;
}

async function arrange(t: Test, { opened, dataDirectory, database }: OpenedDatabase) {
  const startsAt = new Date(systemClock.now().getTime() - 10 * DAY_SECONDS * 1000);
  const log = await openTestLog(t, opened, dataDirectory, { startsAt, historyOctets: 1 });
  const folder = new LogFolder(join(dataDirectory, 'log'));
  const sizesInside = async () => {
    const rows = await database.query<{ size: string }>({
      text: 'select tree_size as size from audit_checkpoint order by 1',
    });
    return rows.map(({ size }) => Number(size));
  };
  const sizesOutside = () => sizesIn(folder);
  const findings = async () => {
    const found: string[] = [];
    for await (const { code, subject } of checkLog({ records: new LogRecords(database), folder }))
      found.push(`${code} ${subject}`);
    return found;
  };
  /** Signed at these sizes, one after the other; the making of the key waits for its leaf then. */
  const growTo = async (...sizes: number[]) => {
    for (const size of sizes) {
      const figures = await log.stores.transparency.figures();
      await log.record(size - figures.size - figures.unsequenced, { action: 'test', details: {} });
      await log.log.publish();
    }
  };
  return { ...log, folder, sizesInside, sizesOutside, findings, growTo };
}

async function aGrownLog(t: Test, opened: OpenedDatabase) {
  const grown = await arrange(t, opened);
  await grown.growTo(5, 20, 100, 250);
  await grown.log.stamp();
  await grown.growTo(255, 300, 511, 512, 513, 600);
  return grown;
}

t.test('what later checkpoints say too is let go, inside and outside, and nothing else', async (t) => {
  await onBothDatabases(t, async (t, opened) => {
    const grown = await aGrownLog(t, opened);
    const { stores, clock, log, witness, growTo, sizesInside, sizesOutside, findings } = grown;
    const all = await sizesInside();
    t.equal(all.length, 10);
    // A node that serves statuses keeps checkpoints alone, and has no keys of the log.
    const node = new LogFolder(temporaryFolder(t), { historyOctets: 1 });
    for (const size of all) await node.remember((await stores.transparency.checkpointOf(size))!);
    const { transparency } = stores;
    const thinNode = () => node.thin((some) => fatesOutside({ transparency, clock }, some));
    await thinNode();
    t.strictSame(await sizesIn(node), all);
    t.strictSame(await sizesOutside(), all);
    await log.prune();
    t.strictSame(await sizesInside(), all, 'those of the last day stay');
    t.strictSame(await sizesOutside(), all);

    clock.advanceSeconds(2 * DAY_SECONDS);
    await growTo(700);
    await log.prune();
    const kept = [250, 255, 512, 700];
    t.strictSame(await sizesInside(), kept, 'stamped, last of 256 leaves, newest');
    t.strictSame(await sizesOutside(), kept);
    t.strictSame(await findings(), [], 'fsck');
    await log.prune();
    t.strictSame(await sizesInside(), kept, 'once');
    await node.remember((await transparency.checkpointOf(700))!);
    await thinNode();
    t.strictSame(await sizesIn(node), kept, 'on a node');

    await growTo(701);
    t.equal((await witness.last())?.size, 701, 'the witness is shown that what it knew goes on');
    t.equal((await stores.transparency.cosignaturesOf(701)).length, 1);
    const { tlogProof, treeSize } = await proveEvent(stores.transparency, { eventId: 1 });
    const keys = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
    const proven = verifyEventProof(
      tlogProof,
      keys.map(({ noteKey }) => parseNoteKey(noteKey)),
    );
    t.match([treeSize, proven.leafIndex], [250, 0], 'an old event is proven under what was stamped');
    t.equal((await proveEvent(stores.transparency, { eventId: 260 })).treeSize, 512);
  });
});

t.test('no checkpoint that says more than another is deleted, whoever asks', async (t) => {
  await onBothDatabases(t, async (t, opened) => {
    const { clock, growTo, sizesInside, stores } = await aGrownLog(t, opened);
    const { database } = opened;
    // A witness that was away since.
    await tamper(
      database,
      `insert into audit_cosignature select 100, 'away.test', line, received_at from audit_cosignature where tree_size = 100`,
    );
    const all = await sizesInside();
    const deleted = async (table: string, size: number) => {
      try {
        await database.query({ text: `delete from ${table} where tree_size = ${size}` });
        return true;
      } catch (error) {
        t.match(error, { message: /append-only|foreign key/ });
        return false;
      }
    };
    for (const [size, why] of [
      [100, 'the newest that a witness has cosigned'],
      [250, 'stamped'],
      [255, 'the last of the first 256'],
      [512, 'the last of the next'],
      [600, 'the newest'],
    ] as const)
      for (const table of ['audit_cosignature', 'audit_checkpoint'])
        t.notOk(await deleted(table, size), `${table} ${why}`);
    t.notOk(await deleted('audit_checkpoint', 300), 'with its cosignatures alone');
    for (const text of [
      'delete from audit_checkpoint',
      'delete from audit_cosignature',
      'delete from audit_checkpoint_stamp',
      `update audit_checkpoint set signed_at = signed_at - interval '1 year'`,
      'update audit_cosignature set received_at = now()',
      'truncate audit_checkpoint cascade',
      'truncate audit_cosignature',
    ])
      await t.rejects(database.query({ text }), /append-only/, text);
    t.strictSame(await sizesInside(), all);

    t.ok(await deleted('audit_cosignature', 300));
    t.ok(await deleted('audit_checkpoint', 300), 'what says nothing more goes');
    clock.set(systemClock.now());
    await growTo(601, 602);
    t.notOk(
      await deleted('audit_cosignature', 601),
      'what was signed today stays, by the time of the database',
    );
    t.equal((await stores.transparency.checkpointOf(601))?.size, 601);
  });
});

t.test('what contradicts the log as it is stays, inside and outside, and is told of', async (t) => {
  await onPostgres(t, async (t, opened) => {
    const grown = await aGrownLog(t, opened);
    const { stores, clock, growTo, log, registry, dataDirectory, folder } = { ...grown, ...opened };
    const other = async (size: number) => {
      const { note } = (await stores.transparency.checkpointOf(size))!;
      const { text, signatures } = parseNote(note);
      const root = Buffer.alloc(32, 7);
      return encodeNote({ text: encodeCheckpoint({ ...parseCheckpoint(text), root }), signatures });
    };
    const [forked, forkedOutside] = [await other(20), await other(300)];
    await tamper(opened.database, `update audit_checkpoint set note = '${forked}' where tree_size = 20`);
    const file = join(dataDirectory, 'log', 'checkpoints');
    const genuine = (await stores.transparency.checkpointOf(300))!.note;
    writeFileSync(file, readFileSync(file, 'utf8').replace(genuine, forkedOutside));
    clock.advanceSeconds(2 * DAY_SECONDS);
    await growTo(700);
    await log.prune();
    t.strictSame(await grown.sizesInside(), [20, 250, 255, 512, 700]);
    t.strictSame(await grown.sizesOutside(), [20, 250, 255, 300, 512, 700]);
    t.match(await registry.metrics(), /mohr_log_failures_total\{code="checkpoint-contradicts"\} 1\n/);
    t.strictSame(grown.rolledBack, [], 'the service goes on');
    t.strictSame(
      await grown.findings(),
      ['log-checkpoint-signature checkpoint:20', 'log-checkpoint-signature checkpoint:300'],
      'fsck finds them',
    );
    t.equal((await folder.remembered())?.size, 700);
  });
});

t.test('the file of checkpoints is looked through from where nobody could tell yet', async (t) => {
  await onPostgres(t, async (t, opened) => {
    const { clock, log, growTo, sizesOutside } = await aGrownLog(t, opened);
    const file = join(opened.dataDirectory, 'log', 'checkpoints');
    clock.advanceSeconds(2 * DAY_SECONDS);
    await growTo(610, 620);
    await log.prune();
    t.strictSame(await sizesOutside(), [250, 255, 512, 610, 620], 'what was signed today waits');
    const [settled] = readFileSync(`${file}.thinned`, 'utf8').split(' ').map(Number);
    t.equal(readFileSync(file).subarray(0, settled).toString().split('\f\n').length, 4, 'three are settled');

    // As when the mains fail: no line ends there.
    appendFileSync(file, 'mohr.test/log\n62');
    clock.advanceSeconds(2 * DAY_SECONDS);
    await growTo(630);
    t.strictSame(await sizesOutside(), [250, 255, 512, 610, 620, 630], 'half a note is taken away');
    await log.prune();
    t.strictSame(await sizesOutside(), [250, 255, 512, 630], 'what has waited goes');

    for (const nonsense of ['', '99999999 1\n', '3 3\n', 'x']) {
      writeFileSync(`${file}.thinned`, nonsense);
      await log.prune();
      t.strictSame(await sizesOutside(), [250, 255, 512, 630], 'from the beginning');
    }
    const before = readFileSync(file);
    await log.prune();
    t.strictSame(readFileSync(file), before, 'what has not grown is left alone');
  });
});
