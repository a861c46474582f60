import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { encodeCheckpoint, parseCheckpoint } from '../../audit/checkpoint.ts';
import { leafHash } from '../../audit/merkle/tree-hash.ts';
import { noteKeyOf, parseNoteKey, signNote } from '../../audit/note/note-key.ts';
import { encodeNote, parseNote } from '../../audit/note/signed-note.ts';
import { checkLogStatements } from '../../cli/fsck/check-log-statements.ts';
import { checkLog } from '../../cli/fsck/check-log.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import type { Finding } from '../../cli/fsck/finding.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { systemClock } from '../../core/clock.ts';
import type { Database } from '../../db/database.ts';
import { LogRecords } from '../../db/log-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { ed25519Signer, memoryWitness } from '../support/memory-witness.ts';
import { tamper } from '../support/tamper.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { openTestService } from '../support/test-service.ts';

const TABLES = [
  'audit_event',
  'audit_unsequenced',
  'audit_leaf',
  'audit_salt',
  'audit_salt_erasure',
  'audit_node',
  'audit_tree',
  'audit_checkpoint_stamp',
  'audit_cosignature',
  'audit_checkpoint',
  'status_change',
  'certificate',
];
const keep = TABLES.map((table) => `create table kept_${table} as select * from ${table}`).join('; ');
const restore = TABLES.map(
  (table) => `delete from ${table}; insert into ${table} overriding system value select * from kept_${table}`,
).join('; ');

async function all(found: AsyncIterable<Finding>): Promise<Finding[]> {
  const list: Finding[] = [];
  for await (const finding of found) list.push(finding);
  return list;
}

interface Attack {
  name: string;
  sql: string;
  /** Patterns of what is found at least, as `code subject`. */
  expected: string[];
  /** Of `checkRecords` where the log itself is whole. */
  ofRecords?: boolean;
  /** Of `checkLogStatements`. */
  ofStatements?: boolean;
}

/** `$E`: the event of the revocation, `$L` its leaf, `$N` the number of leaves. */
const ATTACKS: Attack[] = [
  {
    name: 'an event whose action was changed',
    sql: `update audit_event set action = 'sign-in' where id = $E`,
    expected: ['log-event-changed event:$E'],
  },
  {
    name: 'an event whose actor was changed, which no leaf shows',
    sql: `update audit_event set actor_id = 'another' where id = $E`,
    expected: ['log-event-changed event:$E'],
  },
  {
    name: 'a secret detail that was changed',
    sql: `update audit_event set details = details || '{"requestedBy": "another"}' where id = $E`,
    expected: ['log-event-changed event:$E'],
  },
  {
    name: 'an event that was changed together with its leaf',
    sql: `update audit_event set outcome = 'refused', refusal_code = 'x' where id = $E;
      update audit_leaf set leaf_hash = sha256(leaf_hash) where event_id = $E`,
    expected: ['log-checkpoint-differs checkpoint:$N', 'log-published-differs leaf:$L'],
  },
  {
    name: 'an event that was taken out',
    sql: `delete from audit_event where id = $E`,
    expected: ['log-event-missing event:$E'],
  },
  {
    name: 'an event that was taken out with its leaf',
    sql: `delete from audit_event where id = $E; delete from audit_leaf where event_id = $E; delete from audit_salt where event_id = $E`,
    expected: ['log-leaf-missing leaf:$L'],
  },
  {
    name: 'an event that was taken out, with the leaves moved up',
    sql: `delete from audit_event where id = $E; delete from audit_leaf where event_id = $E; delete from audit_salt where event_id = $E;
      update audit_leaf set leaf_index = leaf_index + 1000000 where leaf_index > $L;
      update audit_leaf set leaf_index = leaf_index - 1000001 where leaf_index >= 1000000;
      update audit_tree set size = size - 1`,
    expected: ['log-published-differs leaf:$L', 'log-tail-removed checkpoint:$N'],
  },
  {
    name: 'two events that changed places',
    sql: `update audit_leaf set leaf_index = 1000000 where leaf_index = $L;
      update audit_leaf set leaf_index = $L where leaf_index = $L - 1;
      update audit_leaf set leaf_index = $L - 1 where leaf_index = 1000000`,
    expected: ['log-published-differs leaf:$L', 'log-checkpoint-differs checkpoint:$N'],
  },
  {
    name: 'an event that was put in past the log',
    sql: `insert into audit_event (at, actor_kind, actor_id, action, outcome, subject, details)
      values (now(), 'service', 'x', 'block-key', 'accepted', 'key:x', '{}')`,
    expected: ['log-event-inserted event:\\d+'],
  },
  {
    name: 'a tail that was cut off, the tree and its checkpoints with it',
    sql: `delete from audit_event where id in (select event_id from audit_leaf where leaf_index >= $L);
      delete from audit_salt where event_id in (select event_id from audit_leaf where leaf_index >= $L);
      delete from audit_leaf where leaf_index >= $L; update audit_tree set size = $L;
      delete from audit_cosignature; delete from audit_checkpoint_stamp; delete from audit_checkpoint where tree_size > $L`,
    expected: ['log-tail-removed leaf:$L', 'log-tail-removed checkpoint:$N'],
  },
  {
    name: 'a tail that was cut off, and nothing else',
    sql: `delete from audit_leaf where leaf_index >= $L`,
    expected: ['log-tail-removed leaf:$L', 'log-event-inserted event:$E'],
  },
  {
    name: 'a commitment that cannot be opened any more',
    sql: `delete from audit_salt where event_id = $E`,
    expected: ['log-salt-missing event:$E'],
  },
  {
    name: 'a checkpoint whose root is another',
    sql: `update audit_checkpoint set note = replace(note, E'/log\\n', E'/lag\\n')`,
    expected: ['log-checkpoint-signature checkpoint:$N'],
  },
  {
    name: 'a revocation that was taken out, with its event left',
    sql: `delete from status_change where event = 'revoked'`,
    expected: ['event-without-status event:$E'],
  },
  {
    name: 'a revocation that is of a later day than was recorded',
    sql: `update status_change set effective_at = effective_at + interval '1 day' where event = 'revoked'`,
    expected: ['event-without-status event:$E'],
  },
  {
    name: 'a certificate that was taken out, with its history',
    sql: `delete from status_change where serial_number = $S; delete from certificate where serial_number = $S`,
    expected: ['event-without-status event:\\d+'],
  },
  {
    name: 'a status that no event tells of',
    sql: `delete from audit_event where id = $E`,
    expected: ['event-missing certificate:bronze'],
    ofRecords: true,
  },
  {
    name: 'a checkpoint whose row has another root than its note',
    sql: `update audit_checkpoint set root_hash = sha256(root_hash)`,
    expected: ['log-checkpoint-differs checkpoint:$N'],
    ofStatements: true,
  },
  {
    name: 'a checkpoint under another size',
    sql: `update audit_checkpoint set tree_size = tree_size - 1; update audit_checkpoint_stamp set tree_size = tree_size - 1`,
    expected: ['log-checkpoint-differs checkpoint:\\d+'],
    ofStatements: true,
  },
  {
    name: 'a time stamp that was changed',
    sql: `update audit_checkpoint_stamp set token = set_byte(token, octet_length(token) - 1, get_byte(token, octet_length(token) - 1) # 1)`,
    expected: ['log-stamp-differs checkpoint:$N'],
    ofStatements: true,
  },
  {
    name: 'a cosignature of another note',
    sql: `update audit_cosignature set line = overlay(line placing 'AAAAAAAA' from length(line) - 20)`,
    expected: ['log-cosignature checkpoint:$N'],
    ofStatements: true,
  },
  {
    name: 'a cosignature that is none',
    sql: `update audit_cosignature set line = 'x'`,
    expected: ['log-cosignature checkpoint:$N'],
    ofStatements: true,
  },
];

await t.test('every attack on the log is found, and its place is named', async (part) => {
  await onBothDatabases(
    part,
    async (one, { opened, dataDirectory, database }) => {
      const witness = memoryWitness(systemClock, async () => {
        const known = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
        return known.map(({ noteKey }) => parseNoteKey(noteKey));
      });
      const service = await openTestService({ opened, dataDirectory, witnesses: [witness] });
      const { services, log, stores } = service.house;
      const { certificate } = await issueDoctor(service);
      const { serialNumber } = certificate;
      await services.statusChanger.changeStatus(
        {
          authorityId: 'bronze',
          serialNumber,
          event: 'revoked',
          reason: 'keyCompromise',
          requestedBy: 'officer:test',
        },
        { kind: 'operator', id: 'test' },
      );
      const after = {
        at: service.clock.now(),
        actor: { kind: 'operator', id: 'test' },
        subject: 'key:test',
      } as const;
      await stores.database.transaction((tx) =>
        stores.audit.record(tx, { ...after, action: 'block-key', outcome: 'accepted', details: {} }),
      );
      // The first stamp has its unit certified, which is an issuance.
      for (let round = 1; round <= 2; round += 1) {
        await log.publish();
        await log.stamp!();
      }
      const subject = `certificate:bronze/${serialNumber.toString('hex')}`;
      const found = await stores.transparency.findLeaf({ subject, action: 'revoke-certificate' });
      const [leaf, event, size] = [found!.leafIndex, found!.event.id, await stores.transparency.treeSize()];
      await service.close();
      one.ok(leaf < size);
      const folder = new LogFolder(join(dataDirectory, 'log'));
      const check = () => all(checkLog({ records: new LogRecords(database), folder }));
      const witnesses = [witness.key];
      const statements = () => all(checkLogStatements({ records: new LogRecords(database), witnesses }));
      one.same(await statements(), []);
      one.same(await check(), [], 'nothing is found in what the service wrote');
      await tamper(database, keep);
      const fill = (text: string) =>
        text
          .replaceAll('$E', String(event))
          .replaceAll('$L', String(leaf))
          .replaceAll('$N', String(size))
          .replaceAll('$S', `'\\x${serialNumber.toString('hex')}'`);
      for (const { name, sql, expected, ofRecords, ofStatements } of ATTACKS) {
        await tamper(database, fill(sql));
        const findings = ofStatements
          ? await statements()
          : ofRecords
            ? await all(checkRecords(new PgRecords(database)))
            : await check();
        const lines = findings.map(({ code, subject: row }) => `${code} ${row}`);
        for (const wanted of expected) {
          const pattern = new RegExp(`^${fill(wanted)}`);
          one.ok(
            lines.some((line) => pattern.test(line)),
            `${name}: ${pattern.source} in ${lines.join(', ')}`,
          );
        }
        await tamper(database, restore);
      }
      one.same(await check(), []);
      await forgeEverything(one, database, dataDirectory);
    },
    'first-start',
  );
});

/** Somebody who owns the database and makes a whole new history, but has not the log's key, is betrayed by what is outside. */
async function forgeEverything(
  t: { ok(value: unknown, message: string): unknown },
  database: Database,
  dataDirectory: string,
): Promise<void> {
  const signer = ed25519Signer();
  const records = new LogRecords(database);
  const path = join(dataDirectory, 'log');
  const [known] = await records.keys();
  const { name } = parseNoteKey(known);
  const key = noteKeyOf(signer, name, 'ed25519');
  const text = encodeCheckpoint({ origin: name, size: 1, root: leafHash(Buffer.from('forged')) });
  const note = encodeNote({ text, signatures: [await signNote(signer, key, text)] });
  await tamper(
    database,
    `delete from audit_checkpoint_stamp; delete from audit_cosignature; delete from audit_checkpoint;
      insert into audit_checkpoint values (1, '\\x${parseCheckpoint(parseNote(note).text).root.toString('hex')}', '${note}', now())`,
  );
  const found = await all(checkLog({ records, folder: new LogFolder(path) }));
  t.ok(
    found.some(({ code, subject }) => code === 'log-checkpoint-signature' && subject === 'checkpoint:1'),
    'a checkpoint by a key that is not the log’s',
  );
  // Without the folder, whoever checks brings along the key that they know.
  renameSync(path, `${path}-away`);
  const away = await all(checkLog({ records, folder: new LogFolder(path), logKeys: [parseNoteKey(known)] }));
  t.ok(
    away.some(({ code }) => code === 'log-checkpoint-signature'),
    'also by the pinned key alone',
  );
  renameSync(`${path}-away`, path);
  const checkpoints = join(path, 'checkpoints');
  if (!existsSync(checkpoints)) throw new Error('nothing was kept outside');
  writeFileSync(checkpoints, readFileSync(checkpoints, 'utf8').replace(name, 'another.log'));
  const outside = await all(checkLog({ records, folder: new LogFolder(path) }));
  t.ok(
    outside.filter(({ code }) => code === 'log-checkpoint-signature').length > 1,
    'nor does a forged file pass',
  );
}
