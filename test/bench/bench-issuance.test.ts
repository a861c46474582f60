import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import t from 'tap';

import { benchIssuance } from '../../bench/issuance.ts';
import { issuanceGrowth } from '../../bench/issuance-growth.ts';
import { startPostgresCluster } from '../support/postgres-cluster.ts';

t.test('reports bulk and single issuances, with processor times', async (t) => {
  const report = await benchIssuance({ rows: 20, runs: 1, interactive: 3, peerSeconds: 1 });
  const figures = new Map(report.figures.map((figure) => [figure.id, figure]));
  for (const id of [
    'bulk',
    'bulk_processor',
    'bulk_postgres_processor',
    'interactive_p99',
    'interactive_p50',
  ])
    t.match(figures.get(`issuance.${id}`), { value: Number, unit: String }, id);
  t.match(report.conditions, { rows: 20, ratios: String, load: String });
});

t.test('grows a database with whole copies of a certificate', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mohr-bench-growth-'));
  const cluster = await startPostgresCluster();
  t.teardown(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  });
  const [small, large, rows, runs] = [20, 70, 10, 1];
  const options = { folder, databaseUrl: cluster.url, serverCore: undefined, rows, runs };
  const figures = await issuanceGrowth({ ...options, sizes: { small, large } });
  t.match(figures, [
    { id: 'issuance.growth', value: Number },
    { id: 'issuance.growth_processor', value: Number },
  ]);
  for (const [name, size] of Object.entries({ small, large })) {
    const url = new URL(cluster.url);
    url.pathname = `/growth_${name}`;
    const client = new pg.Client({ connectionString: url.toString() });
    await client.connect();
    const { rows: counts } = await client.query(COUNTS);
    await client.end();
    const holders = size + rows * (runs + 1);
    t.match(counts, [{ holders, certified: holders, decided: holders, events: 3 * holders, gaps: 0 }], name);
  }
});

const COUNTS = `select (select count(*)::int from issuance_intent where holder_slot is not null) as holders,
  (select count(*)::int from certificate c join issuance_intent i using (authority_id, serial_number)
    where position(c.serial_number in c.der) > 0 and i.origin = c.origin and i.holder_slot is not null) as certified,
  (select count(*)::int from application where state = 'issued') as decided,
  (select count(*)::int from audit_event
    where action = 'approve-by-campaign' or details->>'origin' like 'application:%') as events,
  (select max(change_number)::int - count(*)::int from status_change) as gaps`;
