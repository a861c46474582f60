import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { checkLogStatements } from '../../cli/fsck/check-log-statements.ts';
import { checkLog } from '../../cli/fsck/check-log.ts';
import type { LogCheck } from '../../cli/fsck/check-log.ts';
import type { Finding } from '../../cli/fsck/finding.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { addLogKey } from '../../cli/transparency/log-keys.ts';
import { LogRecords } from '../../db/log-records.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { tamper } from '../support/tamper.ts';
import { openTestLog } from '../support/test-log.ts';

/** Five steps complete two tiles. */
const STEP_LEAVES = 110;

async function all(found: AsyncIterable<Finding>): Promise<string[]> {
  const list: string[] = [];
  for await (const { code, subject, detail } of found) list.push(`${code} ${subject}: ${detail}`);
  return list;
}

type Between = (step: string) => Promise<void>;

/** What the check reads of the log, with something done before and after each reading. */
function interrupted({ records, folder }: Required<Pick<LogCheck, 'records' | 'folder'>>, between: Between) {
  async function around<T>(step: string, read: () => Promise<T>): Promise<T> {
    await between(`before ${step}`);
    const answer = await read();
    await between(`after ${step}`);
    return answer;
  }
  async function* amid<T>(step: string, read: AsyncIterable<T>): AsyncGenerator<T> {
    await between(`before ${step}`);
    for await (const one of read) {
      yield one;
      await between(`amid ${step}`);
    }
    await between(`after ${step}`);
  }
  class Interrupted extends LogRecords {
    override extent = () => around('extent', () => records.extent());
    override nodes = () => around('nodes', () => records.nodes());
    override keys = () => around('keys', () => records.keys());
    override checkpoints = (rows: number) => amid('checkpoints', records.checkpoints(rows));
    override leaves = (rows: number, end: number) => amid('leaves', records.leaves(rows, end));
    override subjects = (ask: Parameters<LogRecords['subjects']>[0]) =>
      around('subjects', () => records.subjects(ask));
  }
  return {
    folder: {
      remembered: () => around('remembered', () => folder.remembered()),
      history: () => amid('history', folder.history()),
      read: (path: string) => around('read', () => folder.read(path)),
    },
    Interrupted,
  };
}

async function arrange(t: Test, { opened, dataDirectory, database }: OpenedDatabase) {
  const { log, record, stores, keyHouse, witness } = await openTestLog(t, opened, dataDirectory);
  const grow = async () => {
    await record(STEP_LEAVES, { action: 'test', details: {} });
    await log.publish();
  };
  await grow();
  await grow();
  const check = (between: Between) => {
    const read = { records: new LogRecords(database), folder: new LogFolder(join(dataDirectory, 'log')) };
    const { folder, Interrupted } = interrupted(read, between);
    return all(checkLog({ records: new Interrupted(database), folder }));
  };
  const size = () => stores.transparency.treeSize();
  return { grow, check, size, keyHouse, witness, log };
}

t.test('nothing is found in a log that grows at any moment of the check', async (t) => {
  await onBothDatabases(t, async (t, opened) => {
    const { grow, check, size, keyHouse, witness, log } = await arrange(t, opened);
    const steps = new Set<string>();
    const before = await size();
    // Each run has the log grow at the moments at which none before had it, and once at every moment of all.
    for (const [run, most] of [
      ['each once', 30],
      ['all', 8],
    ] as const) {
      let grown = 0;
      const found = await check(async (step) => {
        if ((run === 'each once' && steps.has(step)) || grown === most) return;
        steps.add(step);
        grown += 1;
        await grow();
      });
      t.strictSame(found, [], run);
    }
    t.ok(
      steps.has('after nodes') && steps.has('amid leaves') && steps.has('amid history'),
      [...steps].join(),
    );
    t.ok((await size()) - before > 20 * STEP_LEAVES);

    await t.test('nor where the log gets another key meanwhile', async (t) => {
      let isAdded = false;
      const found = await check(async (step) => {
        if (step !== 'after keys' || isAdded) return;
        isAdded = true;
        await addLogKey(keyHouse, { kind: 'operator', id: 'test' });
        await log.publish();
        await grow();
      });
      t.ok(isAdded);
      t.strictSame(found, []);
    });
    const statements = { records: new LogRecords(opened.database), witnesses: [witness.key] };
    t.strictSame(await all(checkLogStatements(statements)), []);
  });
});

t.test('a tail that is cut off while the log is checked is found', async (t) => {
  await onBothDatabases(t, async (t, opened) => {
    const { grow, check, size } = await arrange(t, opened);
    await grow();
    const whole = await size();
    const cases = [
      { at: 'after leaves', of: 10 },
      { at: 'after nodes', of: 20 },
      { at: 'before extent', of: 30 },
    ];
    for (const { at, of } of cases) {
      const left = whole - of;
      const cut = `delete from audit_leaf where leaf_index >= ${left}; update audit_tree set size = ${left};
        delete from audit_cosignature; delete from audit_checkpoint where tree_size > ${left}`;
      let isCut = false;
      const found = await check(async (step) => {
        if (step !== at || isCut) return;
        isCut = true;
        await tamper(opened.database, cut);
      });
      t.ok(
        found.some((line) => line.startsWith(`log-tail-removed leaf:${left}`)),
        `${at}: ${found.join()}`,
      );
    }
    const found = await check(async () => undefined);
    t.ok(
      found.some((line) => line.startsWith(`log-tail-removed checkpoint:${whole}`)),
      found.join(),
    );
  });
});
