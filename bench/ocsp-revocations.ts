import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { PACKAGE_ROOT } from '../cli/package-root.ts';
import { systemClock } from '../core/clock.ts';
import { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PgStatusStore } from '../db/pg-status-store.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { parseOcspResponse } from '../pki/ocsp-response.ts';
import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import { BENCH_AUTHORITY_ID, benchSerial } from './bench-statuses.ts';
import type { OcspProcessOrder, OcspProcessReady } from './ocsp-process-protocol.ts';
import { questionsAbout } from './ocsp-questions.ts';
import { PinnedProcess } from './pinned-process.ts';
import type { BenchFigure } from './report.ts';

const NODES = 2;
const DURABLE = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'];
/** One that takes longer has failed. */
const VISIBLE_MILLISECONDS_MAX = 10_000;

/** From the commit of a revocation to the answer of the last of two nodes that follow one PostgreSQL, over HTTP. */
export async function measureRevocations(count: number): Promise<BenchFigure[]> {
  const cluster = await startPostgresCluster(DURABLE);
  const opened = await openPostgres(cluster.url);
  const nodes: PinnedProcess[] = [];
  const agent = new Agent({ keepAlive: true });
  try {
    await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
    await issueAll(opened.pool, count);
    const asked: { url: string; requests: Buffer[] }[] = [];
    for (let node = 0; node < NODES; node += 1) {
      const process = PinnedProcess.start('ocsp-process', undefined);
      nodes.push(process);
      const order: OcspProcessOrder = { keyType: 'p-256', certificates: count, databaseUrl: cluster.url };
      const { port, issuer } = await process.ask<OcspProcessReady>(order);
      const certificate = parseCertificate(Buffer.from(issuer, 'base64'));
      asked.push({
        url: `http://127.0.0.1:${port}/ocsp/${BENCH_AUTHORITY_ID}`,
        requests: questionsAbout(certificate, count, count).plain,
      });
    }
    const database = new Database(opened.pool);
    const milliseconds: number[] = [];
    for (let at = 0; at < count; at += 1) {
      const ask = ({ url, requests }: (typeof asked)[number]) => kindOf(agent, url, requests[at]);
      for (const kind of await Promise.all(asked.map(ask)))
        if (kind !== 'good') throw new Error(`${kind} before the revocation`);
      await revoke(database, at);
      const committed = performance.now();
      await Promise.all(asked.map((node) => untilRevoked(() => ask(node), committed)));
      milliseconds.push(performance.now() - committed);
    }
    return [
      figure('revoke_visible_p99', milliseconds, 0.99),
      figure('revoke_visible_p50', milliseconds, 0.5),
    ];
  } finally {
    agent.destroy();
    for (const node of nodes) await node.stop();
    await opened.close();
    await cluster.stop();
  }
}

async function untilRevoked(ask: () => Promise<string>, since: number): Promise<void> {
  while ((await ask()) !== 'revoked')
    if (performance.now() - since > VISIBLE_MILLISECONDS_MAX) throw new Error('a revocation is not visible');
}

async function kindOf(agent: Agent, url: string, body: Buffer): Promise<string> {
  const answer = await new Promise<Buffer>((resolve, reject) => {
    const headers = { 'content-type': 'application/ocsp-request', 'content-length': body.length };
    const asked = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    asked.on('error', reject);
    asked.end(body);
  });
  const parsed = parseOcspResponse(answer);
  return parsed.status === 'successful' ? parsed.responses[0].status.kind : parsed.status;
}

/** As the service writes it. */
async function revoke(database: Database, place: number): Promise<void> {
  await database.transaction((tx) =>
    new PgStatusStore().append(tx, {
      authorityId: BENCH_AUTHORITY_ID,
      serialNumber: benchSerial(place),
      event: 'revoked',
      effectiveAt: systemClock.now(),
      reason: 'superseded',
      requestedBy: 'bench',
    }),
  );
}

/** Certificates without anybody's application: what counts is what a responder reads. */
async function issueAll(pool: OpenedPool['pool'], count: number): Promise<void> {
  const serials = Array.from({ length: count }, (_, place) => benchSerial(place).toString('hex'));
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query({
      text: `insert into certificate
          (authority_id, serial_number, der, sha256, profile_id, origin, not_before, not_after, issued_at)
        select $1, decode(s, 'hex'), '\\x00', sha256(decode(s, 'hex')), 'bench', 'bench', now(), now() + interval '1 year', now()
        from unnest(string_to_array($2, ',')) s`,
      values: [BENCH_AUTHORITY_ID, serials.join(',')],
    });
    await client.query({
      text: `insert into status_change (change_number, authority_id, serial_number, event, effective_at, requested_by)
        select n, $1, decode(s, 'hex'), 'issued', now(), 'bench'
        from unnest(string_to_array($2, ',')) with ordinality as one (s, n)`,
      values: [BENCH_AUTHORITY_ID, serials.join(',')],
    });
    await client.query(`update status_counter set last_change_number = ${count}`);
    await client.query('commit');
  } finally {
    client.release();
  }
}

function figure(id: string, milliseconds: readonly number[], part: number): BenchFigure {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const value = sorted[Math.ceil(sorted.length * part) - 1];
  return { id: `ocsp.${id}`, value: Math.round(value * 10) / 10, unit: 'ms' };
}
