import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { parseCheckpoint } from '../../audit/checkpoint.ts';
import { commitmentOf, encodeLeaf, leafOf, parseLeaf } from '../../audit/log-leaf.ts';
import { leafHash, nodeHash } from '../../audit/merkle/tree-hash.ts';
import { parseNoteKey } from '../../audit/note/note-key.ts';
import { parseNote } from '../../audit/note/signed-note.ts';
import { sequenceAll } from '../../audit/sequence-events.ts';
import { addLogKey, retireLogKey } from '../../cli/transparency/log-keys.ts';
import { Database } from '../../db/database.ts';
import { PgTransparencyLog } from '../../db/pg-transparency-log.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { LOGGED_EVENT, openTestLog } from '../support/test-log.ts';
import { tamper } from '../support/tamper.ts';

function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

t.test('events get leaves in an order, and the tree is signed, kept and witnessed', async (t) => {
  await onBothDatabases(t, async (t, { opened, dataDirectory }) => {
    const { stores, witness, log, record, leavesIn } = await openTestLog(t, opened, dataDirectory);
    await record(300);
    await log.publish();
    await record(700);
    await log.publish();
    await log.publish();

    const note = readFileSync(join(dataDirectory, 'log', 'checkpoint'), 'utf8');
    const { text, signatures } = parseNote(note);
    const checkpoint = parseCheckpoint(text);
    t.equal(checkpoint.origin, 'mohr.test/log');
    t.equal(checkpoint.size, 1001, 'the making of the log key is an event too');
    const leaves = leavesIn(dataDirectory);
    t.strictSame(checkpoint.root, rootOf(leaves.map(leafHash)), 'computed from the published entries alone');
    t.equal(await stores.transparency.treeSize(), 1001);

    // By node:crypto alone: what any other verifier of signed notes does.
    const [{ noteKey }] = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
    // Only the first two signs part it: base64 has a '+' of its own.
    const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(noteKey)!;
    t.equal(name, 'mohr.test/log');
    const publicKey = Buffer.from(encoded, 'base64');
    t.equal(
      createHash('sha256').update(`${name}\n`).update(publicKey).digest('hex').slice(0, 8),
      id,
      'key id as in C2SP signed-note',
    );
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey.subarray(1)]);
    t.ok(
      verify(
        null,
        Buffer.from(text),
        createPublicKey({ key: spki, format: 'der', type: 'spki' }),
        signatures[0].signature,
      ),
    );
    t.equal((await stores.transparency.cosignaturesOf(1001)).length, 1, 'its witness has cosigned');
    t.equal((await witness.last())?.size, 1001);

    await log.stamp();
    t.strictSame(
      await stores.transparency.stampOf(1001),
      Buffer.concat([Buffer.from('token over '), createHash('sha256').update(note).digest()]),
    );
  });
});

t.test('what is not public is committed to, and nothing of it can be read', async (t) => {
  await onBothDatabases(t, async (t, { opened, dataDirectory, database }) => {
    const { stores, log, record, leavesIn } = await openTestLog(t, opened, dataDirectory);
    await record(1);
    await record(1, { action: 'set-contact', subject: 'holder:0190', details: { phone: '0912' } });
    await record(1, { outcome: 'refused', refusalCode: 'x', subject: '/api/v1/holders/1' });
    await log.publish();
    const [hold, contact, refusal] = leavesIn(dataDirectory).map(parseLeaf);
    t.match(hold, { subject: LOGGED_EVENT.subject, details: { changeNumber: 7, reason: 'certificateHold' } });
    t.match(contact, { subject: 'holder', details: {} });
    t.match(refusal, { subject: 'request', refusalCode: 'x' });
    const published = leavesIn(dataDirectory).join('\n');
    for (const secret of ['an-officer', 'an-office', '0190', '0912', '/api'])
      t.notOk(published.includes(secret), secret);

    const [{ event, commitment }] = await stores.transparency.leaves(0, 1);
    const [{ salt }] = await database.query<{ salt: Buffer }>({
      text: `select salt from audit_salt where event_id = ${event.id}`,
    });
    t.strictSame(commitmentOf(salt, event), commitment, 'who has the salt opens it');
    t.notSame(commitmentOf(salt, { ...event, actor: { ...event.actor, id: 'another' } }), commitment);
    t.strictSame(encodeLeaf(leafOf(event, commitment)), leavesIn(dataDirectory)[0]);

    const erase = `delete from audit_salt where event_id = ${event.id}`;
    await t.rejects(database.query({ text: erase }), /erasure is on record/);
    await database.query({
      text: `insert into audit_salt_erasure values (${event.id}, now(), 'asked for by the person')`,
    });
    await database.query({ text: erase });
    await record(256);
    await log.publish();
    for (const change of [
      'update audit_leaf set leaf_index = leaf_index + 9',
      'delete from audit_leaf',
      'update audit_tree set size = size - 1',
      'delete from audit_tree',
      'delete from audit_node',
      'update audit_salt set salt = salt',
      'delete from audit_checkpoint',
      'delete from audit_cosignature',
      'delete from audit_salt_erasure',
      'truncate audit_leaf cascade',
    ])
      await t.rejects(database.query({ text: change }), /append-only|cannot have/, change);
  });
});

t.test('two at a time give each event one leaf', async (t) => {
  await onBothDatabases(t, async (t, { opened, dataDirectory }) => {
    const { stores, record } = await openTestLog(t, opened, dataDirectory);
    const sequencer = { sequencer: stores.logSequencer, transactions: stores.database };
    const recorded = Array.from({ length: 20 }, () => record(50));
    const running = Array.from({ length: 6 }, () => sequenceAll(sequencer));
    await Promise.all([...recorded, ...running]);
    await sequenceAll(sequencer);
    const leaves = await stores.transparency.leaves(0, 2000);
    t.equal(leaves.length, 1000);
    t.strictSame(
      leaves.map(({ leafIndex }) => leafIndex),
      leaves.map((_, at) => at),
    );
    t.equal(new Set(leaves.map(({ event }) => event.id)).size, 1000);
    t.match(await stores.transparency.figures(), { size: 1000, unsequenced: 0 });
  });
});

t.test('the key of the log is changed without a gap', async (t) => {
  await onBothDatabases(t, async (t, { opened, dataDirectory }) => {
    const { log, record, keyHouse, stores, clock } = await openTestLog(t, opened, dataDirectory);
    const actor = { kind: 'operator', id: 'test' } as const;
    await record(1);
    await log.publish();
    clock.advanceSeconds(60);
    const [first] = await addLogKey(keyHouse, actor);
    await log.publish();
    const during = parseNote((await stores.transparency.latestCheckpoint())!.note);
    t.equal(during.signatures.length, 2, 'both sign');
    await retireLogKey(keyHouse, first.noteKey, actor);
    await log.publish();
    const after = parseNote((await stores.transparency.latestCheckpoint())!.note);
    t.equal(after.signatures.length, 1, 'the new one alone');
    t.strictSame(after.signatures[0].keyId, during.signatures[1].keyId);
    const [last] = (await stores.database.transaction((tx) => stores.logKeys.listKeys(tx))).filter(
      ({ retiredAt }) => !retiredAt,
    );
    t.equal(parseNoteKey(last.noteKey).name, 'mohr.test/log', 'under the same name');
    await t.rejects(retireLogKey(keyHouse, last.noteKey, actor), { code: 'note-signature' });
    await keyHouse.keys.close();
  });
});

t.test('a log that was cut or rewritten is not signed', async (t) => {
  await onBothDatabases(t, async (t, { opened, dataDirectory, database }) => {
    const { log, record } = await openTestLog(t, opened, dataDirectory);
    await record(20);
    await log.publish();
    await tamper(database, 'update audit_leaf set leaf_hash = sha256(leaf_hash) where leaf_index = 7');
    await record(1);
    await t.rejects(log.publish(), { code: 'log-forked' }, 'another history');
    await tamper(
      database,
      `delete from audit_leaf where leaf_index > 10; delete from audit_checkpoint; delete from audit_cosignature;
        update audit_tree set size = 11`,
    );
    await t.rejects(log.publish(), { code: 'log-behind' });
  });
});

t.test('events of a rare action are found without reading all others', async (t) => {
  await onBothDatabases(t, async (t, { opened, database }) => {
    // More than a sequential reading is cheap for; most are of issuing, as in any log.
    await tamper(
      database,
      `insert into audit_event (at, actor_kind, actor_id, action, outcome, subject, details)
        select now(), 'service', 'test', case when n = 7 then 'close-office' else 'issue-certificate' end, 'accepted', 'test:' || n, '{}'
        from generate_series(1, 20000) n`,
    );
    await database.query({ text: 'analyze audit_event' });
    const planOf = async (action: string) => {
      let plan = '';
      class Explaining extends Database {
        override async query(...[statement]: Parameters<Database['query']>) {
          const rows = await super.query({ ...statement, text: `explain ${statement.text}` });
          plan = rows.map((row) => row['QUERY PLAN'] as string).join('\n');
          return [];
        }
      }
      await new PgTransparencyLog(new Explaining(opened.pool)).searchEvents({ action, limit: 50 });
      return plan;
    };
    for (const action of ['close-office', 'of-which-there-is-none'])
      t.match(await planOf(action), /Index Scan Backward using audit_event_by_rare_action/, action);
    t.match(await planOf('issue-certificate'), /Index Scan Backward using audit_event_pkey/);
    const found = await new PgTransparencyLog(database).searchEvents({ action: 'close-office', limit: 50 });
    t.strictSame(
      found.map(({ subject }) => subject),
      ['test:7'],
    );
  });
});
