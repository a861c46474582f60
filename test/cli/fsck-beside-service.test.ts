import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { checkLogStatements } from '../../cli/fsck/check-log-statements.ts';
import { checkLog } from '../../cli/fsck/check-log.ts';
import type { LogCheck } from '../../cli/fsck/check-log.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import type { Finding } from '../../cli/fsck/finding.ts';
import { underWayBeside } from '../../cli/fsck/under-way.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { addLogKey, retireLogKey } from '../../cli/transparency/log-keys.ts';
import { LogRecords } from '../../db/log-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import type { OpenedDatabase } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { tamper } from '../support/tamper.ts';
import { openTestLog } from '../support/test-log.ts';
import { openTestService } from '../support/test-service.ts';

/** Five steps complete two tiles. */
const STEP_LEAVES = 110;
const OPERATOR = { kind: 'operator', id: 'test' } as const;
/** Checks beside a service that issues. */
const ROUNDS = 3;

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
  return { grow, check, size, keyHouse, witness };
}

t.test('nothing is found in a log that grows at any moment of the check', async (t) => {
  await onBothDatabases(t, async (t, opened) => {
    const { grow, check, size, keyHouse, witness } = await arrange(t, opened);
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
        const [before] = await addLogKey(keyHouse, OPERATOR);
        await retireLogKey(keyHouse, before.noteKey, OPERATOR);
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

t.test('nothing is found beside a service that issues, revokes and signs its log', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }) => {
      const service = await openTestService({ opened, dataDirectory });
      t.teardown(() => service.close());
      const { services, log, stores } = service.house;
      const { database } = stores;
      const records = new LogRecords(database);
      const folder = new LogFolder(join(dataDirectory, 'log'));
      // As beside a service on PostgreSQL.
      const isUnderWay = underWayBeside({ databaseUrl: 'postgres://another' }, service.clock);
      const ofRecords = (one = isUnderWay) => all(checkRecords(new PgRecords(database), one));

      let [isDone, rounds] = [false, 0];
      async function work(): Promise<number> {
        let issued = 0;
        for (; !isDone || issued < ROUNDS; issued += 1) {
          const { certificate } = await issueDoctor(service);
          await services.statusChanger.changeStatus(
            {
              authorityId: 'bronze',
              serialNumber: certificate.serialNumber,
              event: 'revoked',
              reason: 'superseded',
              requestedBy: 'officer:test',
            },
            OPERATOR,
          );
          await log.publish();
        }
        return issued;
      }
      async function look(): Promise<string[]> {
        const found: string[] = [];
        try {
          for (; rounds < ROUNDS; rounds += 1) {
            found.push(...(await ofRecords()));
            found.push(...(await all(checkLog({ records, folder }))));
            found.push(...(await all(checkLogStatements({ records, witnesses: [] }))));
          }
        } finally {
          isDone = true;
        }
        return found;
      }
      const [issued, found] = await Promise.all([work(), look()]);
      t.strictSame(found, []);
      t.ok(issued >= ROUNDS);

      await t.test('and what an issuance leaves open, once it stays', async (t) => {
        await tamper(
          database,
          `delete from certificate where origin like 'application:%'; update application set state = 'approved'`,
        );
        const open = (lines: string[]) =>
          lines.filter((line) => /^(intent|application)-open/.test(line)).length;
        t.equal(open(await ofRecords()), 0, 'an issuance may be under way');
        t.equal(
          open(await ofRecords(underWayBeside({}, service.clock))),
          2 * issued,
          'but not where nobody runs',
        );
        service.clock.advanceSeconds(61);
        t.equal(open(await ofRecords()), 2 * issued, 'nor after a minute');
      });
    },
    'first-start',
  );
});
