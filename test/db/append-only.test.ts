import t from 'tap';

import { newId } from '../../core/ids.ts';
import { systemClock } from '../../core/clock.ts';
import { PgAuditLog } from '../../db/pg-audit-log.ts';
import { pg } from '../../db/pg-transaction.ts';
import { onBothDatabases } from '../support/both-databases.ts';

t.test('the record cannot be rewritten', async (t) => {
  await onBothDatabases(t, async (t, { database }) => {
    const audit = new PgAuditLog();
    await database.transaction((tx) =>
      audit.record(tx, {
        at: systemClock.now(),
        actor: { kind: 'service', id: 'test' },
        action: 'test-action',
        outcome: 'accepted',
        subject: `application:${newId(systemClock)}`,
        details: { number: 1 },
      }),
    );
    const rewriting = [
      "update audit_event set action = 'other'",
      'delete from audit_event',
      ...['audit_event', 'status_change', 'certificate', 'issuance_intent'].map(
        (table) => `truncate ${table} cascade`,
      ),
    ];
    for (const text of rewriting) {
      await t.rejects(database.query({ text }), { message: /append-only/ }, text);
    }
    const rows = await database.query<{ action: string }>({ text: 'select action from audit_event' });
    t.strictSame(rows, [{ action: 'test-action' }], 'the event stands as it was written');
  });
});

t.test('a transaction is all or nothing', async (t) => {
  await onBothDatabases(t, async (t, { database }) => {
    const office = `insert into office (id, kind, name, created_at) values (gen_random_uuid(), 'notary', 'x', now())`;
    await t.rejects(
      database.transaction(async (tx) => {
        await pg(tx).execute({ text: office });
        throw new Error('a crash in the middle');
      }),
      { message: 'a crash in the middle' },
    );
    t.strictSame(await database.query({ text: 'select id from office' }), []);
    await t.rejects(
      database.transaction(() => database.query({ text: 'select 1' })),
      { message: /use the transaction/ },
      'a read beside the transaction is refused instead of waiting for itself',
    );
  });
});
