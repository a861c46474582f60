import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { fhirPrescription } from '../cli/demo/prescriptions.ts';
import { systemClock } from '../core/clock.ts';
import { syntheticNationalId } from '../core/national-id.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { makeCertificationRequest } from '../keys/make-certification-request.ts';
import { AT } from '../pki/oid.ts';
import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import { PinnedProcess, cpuMicrosecondsOf } from './pinned-process.ts';
import { processorMicroseconds } from './processor-time.ts';
import type { BenchReport } from './report.ts';
import { SessionPair } from './session-pair.ts';
import type { BenchHolder } from './session-pair.ts';
import { growth, storedOctets } from './stored-octets.ts';
import type { SessionsMemory, SessionsOpened, SessionsOrder } from './sessions-protocol.ts';

export interface SessionsBenchOptions {
  /** Certificates in the database. */
  credentials: number;
  /** Holders who sign, one after the other. */
  holders: number;
  /** Sessions under way at once. */
  pairs: number;
  /** Sessions that count, after a tenth as many that warm up. */
  sessions: number;
}

const DEFAULTS: SessionsBenchOptions = { credentials: 285_000, holders: 2_000, pairs: 32, sessions: 6_000 };

const DURABLE = [
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'max_connections=50',
  'max_wal_size=4GB',
];
const MIB = 2 ** 20;

/**
 * Signature sessions a second, from the request of a prescription system to the fetched CAdES signature, each with six HTTP requests,
 * over one service process and PostgreSQL with fsync. Clients, service and database share the machine; nothing is pinned.
 */
export async function benchSessions(options: Partial<SessionsBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-sessions-'));
  const cluster = await startPostgresCluster(DURABLE);
  const service = PinnedProcess.start('sessions-process', undefined);
  try {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const roster = join(folder, 'roster.ndjson');
    const signer = {
      label: 'bench',
      algorithm: 'ecdsa-sha256' as const,
      subjectPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
      sign: async (message: Uint8Array) => sign('sha256', message, privateKey),
    };
    await writeFile(
      roster,
      rosterRow(await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'bench' }])),
    );
    const order = {
      kind: 'open',
      databaseUrl: cluster.url,
      folder,
      roster,
      credentials: settings.credentials,
    } as const;
    const { port, token } = await service.ask<SessionsOpened>(order satisfies SessionsOrder);
    const holders = await holdersOf(cluster.url, settings.holders);
    const content = fhirPrescription(systemClock.now()).content;
    const load = {
      pair: { port, partyToken: token, key: privateKey, content },
      holders,
      pairs: settings.pairs,
    };
    const memory = async () => (await service.ask<SessionsMemory>({ kind: 'memory' })).residentOctets / MIB;
    await runSessions(load, Math.ceil(settings.sessions / 10));
    const before = await memory();
    const storedBefore = await storedOctets(cluster.url);
    const processor = () => ({
      service: service.cpuMicroseconds,
      postgres: processorMicroseconds(cluster.processId),
      clients: cpuMicrosecondsOf(process.pid),
    });
    const processorBefore = processor();
    const first = await runSessions(load, settings.sessions / 2);
    const middle = await memory();
    const second = await runSessions(load, settings.sessions / 2);
    const after = await memory();
    const processorAfter = processor();
    const processorOf = (one: keyof typeof processorAfter) => ({
      value: (processorAfter[one] - processorBefore[one]) / settings.sessions,
      unit: 'µs',
    });
    const storedAfter = await storedOctets(cluster.url);
    const grown = growth(storedBefore, storedAfter);
    const octets = grown.reduce((sum, [, one]) => sum + one, 0);
    const times = [...first.milliseconds, ...second.milliseconds].sort((a, b) => a - b);
    return {
      bench: 'sessions',
      conditions: {
        cpu: `${cpus().length} × ${cpus()[0].model}`,
        node: process.versions.node,
        load: loadavg()
          .map((one) => one.toFixed(1))
          .join(' '),
        ...settings,
        'HTTP requests of a session': 6,
        'document (octets)': content.length,
        fsync: 'on',
        'tables that grow (octets a session)': grown
          .map(([name, one]) => `${name} ${Math.round(one / settings.sessions)}`)
          .join(', '),
      },
      figures: [
        { id: 'sessions.rate', value: settings.sessions / (first.seconds + second.seconds), unit: '/s' },
        { id: 'sessions.p50', value: times[Math.floor(times.length / 2)], unit: 'ms' },
        { id: 'sessions.p95', value: times[Math.floor(times.length * 0.95)], unit: 'ms' },
        { id: 'sessions.processor', ...processorOf('service') },
        { id: 'sessions.postgres_processor', ...processorOf('postgres') },
        { id: 'sessions.clients_processor', ...processorOf('clients') },
        { id: 'sessions.stored', value: octets / settings.sessions, unit: 'octets' },
        {
          id: 'sessions.written_ahead',
          value: (storedAfter.log - storedBefore.log) / settings.sessions,
          unit: 'octets',
        },
        { id: 'sessions.memory_before', value: before, unit: 'MiB' },
        { id: 'sessions.memory_half', value: middle, unit: 'MiB' },
        { id: 'sessions.memory_after', value: after, unit: 'MiB' },
      ],
    };
  } finally {
    await service.stop();
    await cluster.stop();
    await rm(folder, { recursive: true });
  }
}

interface Load {
  pair: ConstructorParameters<typeof SessionPair>[0];
  holders: BenchHolder[];
  pairs: number;
}

/** Each pair takes the next holder when it is done with one; nobody has two requests at a time. */
async function runSessions(
  { pair, holders, pairs }: Load,
  sessions: number,
): Promise<{ seconds: number; milliseconds: number[] }> {
  const milliseconds: number[] = [];
  let next = 0;
  const started = performance.now();
  const work = async () => {
    const one = new SessionPair(pair);
    while (next < sessions) {
      const holder = holders[next++ % holders.length];
      const start = performance.now();
      await one.sign(holder);
      milliseconds.push(performance.now() - start);
    }
    one.close();
  };
  await Promise.all(Array.from({ length: pairs }, work));
  return { seconds: (performance.now() - started) / 1000, milliseconds };
}

/** Phones that have signed in: the rows that signing in would write. */
async function holdersOf(databaseUrl: string, count: number): Promise<BenchHolder[]> {
  const { pool, close } = await openPostgres(databaseUrl);
  try {
    const { rows } = await pool.query<{ sha256: Buffer; authority_id: string; serial_number: Buffer }>(
      `select sha256, authority_id, serial_number from certificate where origin like 'application:%' limit $1`,
      [count],
    );
    const tokens = rows.map(() => randomBytes(32).toString('base64url'));
    await pool.query(
      `insert into device_login (token_sha256, authority_id, serial_number, signed_in_at, expires_at)
        select t.token, t.authority, t.serial, now(), now() + interval '1 day'
        from unnest($1::bytea[], $2::text[], $3::bytea[]) t (token, authority, serial)`,
      [
        tokens.map((token) => createHash('sha256').update(token).digest()),
        rows.map((row) => row.authority_id),
        rows.map((row) => row.serial_number),
      ],
    );
    return rows.map((row, index) => ({ certificateSha256: row.sha256, deviceToken: tokens[index] }));
  } finally {
    await close();
  }
}

function rosterRow(request: Buffer): string {
  return `${JSON.stringify({
    national_id: syntheticNationalId(1),
    given_name: 'شیرین',
    surname: 'آزمایشی',
    latin_name: 'Shirin Azmayeshi',
    council_group: 'physician',
    council_digits: '100001',
    request: request.toString('base64'),
  })}\n`;
}
