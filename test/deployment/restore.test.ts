import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import { parseNoteKey } from '../../audit/note/note-key.ts';
import { replayLog } from '../../audit/replay/replay-log.ts';
import { checkLog } from '../../cli/fsck/check-log.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import { openStores } from '../../cli/stores.ts';
import { readCertificateArchive } from '../../cli/transparency/certificate-archive.ts';
import { assertRestored, untilRestored } from '../../cli/transparency/guarded-start.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { openPublishedCopy } from '../../cli/transparency/published-copy.ts';
import { systemClock } from '../../core/clock.ts';
import { LogRecords } from '../../db/log-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgLogReplay } from '../../db/pg-log-replay.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { freePort } from '../support/free-port.ts';
import { newestServer, serverOwner } from '../support/postgres-cluster.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const ACTOR = { kind: 'operator', id: 'test' } as const;
const CRL_ATTEMPTS = 2_400;
const CRL_MILLISECONDS = 50;

interface Life {
  /** Good at the backup, revoked after it. */
  revoked: Certificate;
  /** Put on hold after it. */
  held: Certificate;
  /** Issued after it. */
  late: Certificate;
  issuer: Certificate;
}

/** What happens to a deployment before and after a backup is taken of its database; its service is closed then. */
async function live(
  opened: OpenedPool,
  dataDirectory: string,
  backUp: (service: TestService) => Promise<void>,
): Promise<Life> {
  const service = await openTestService({ opened, dataDirectory });
  const { house } = service;
  const [{ certificate: revoked }, { certificate: held }] = [
    await issueDoctor(service),
    await issueDoctor(service),
  ];
  await house.log.publish();
  await backUp(service);
  const change = { authorityId: 'bronze', requestedBy: 'officer:test' };
  const { statusChanger } = house.services;
  await statusChanger.changeStatus(
    { ...change, serialNumber: revoked.serialNumber, event: 'revoked', reason: 'keyCompromise' },
    ACTOR,
  );
  await statusChanger.changeStatus({ ...change, serialNumber: held.serialNumber, event: 'held' }, ACTOR);
  const { certificate: late } = await issueDoctor(service);
  await house.log.publish();
  const issuer = house.hierarchy.issuing.get('bronze')!.certificate;
  await service.close();
  return { revoked, held, late, issuer };
}

function question(certificate: Certificate, issuer: Certificate): Buffer {
  return encodeOcspRequest([encodeCertId('sha1', issuer, certificate.serialNumber)]);
}

/** The restored database is refused, answers nothing, is replayed, and tells the truth again. */
async function restored(t: Test, opened: OpenedPool, dataDirectory: string, life: Life): Promise<void> {
  const logger = pino({ level: 'silent' });
  const port = await freePort();
  const settings = { dataDirectory, host: '127.0.0.1', port };
  const start = { settings, opened, logger, clock: systemClock };
  await t.rejects(assertRestored(start), { code: 'log-behind' }, 'the database is known to be older');

  const list = join(dataDirectory, 'witnesses');
  writeFileSync(list, 'x y\n');
  for (const logWitnesses of [list, `${list}-that-is-not-there`])
    await t.rejects(
      untilRestored({ ...start, settings: { ...settings, logWitnesses } }),
      { code: 'witness-list', detail: new RegExp(list) },
      'a wrong list of witnesses is not taken for an older database',
    );

  let tell: () => void = () => undefined;
  const waiting = untilRestored({ ...start, untilTold: () => new Promise<void>((told) => (tell = told)) });
  const body = await untilAnswered(port, question(life.revoked, life.issuer));
  t.equal(parseOcspResponse(body).status, 'tryLater', 'no status is told');
  const crl = await fetch(`http://127.0.0.1:${port}/crl/bronze.crl`);
  t.equal(crl.status, 404, 'nor is a CRL of before given out');
  t.equal((await fetch(`http://127.0.0.1:${port}/ready`)).status, 503);
  tell();
  t.equal(await waiting, false, 'told to stop, it stops');

  const stores = openStores(opened);
  const path = join(dataDirectory, 'log');
  const keys = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
  const archive = await readCertificateArchive([join(path, 'certificates')]);
  const replay = (find: (sha256: string) => Promise<Buffer | undefined>) =>
    replayLog(
      {
        replay: new PgLogReplay(stores.database),
        audit: stores.audit,
        transactions: stores.database,
        clock: systemClock,
        copy: openPublishedCopy(path),
        logKeys: keys.map(({ noteKey }) => parseNoteKey(noteKey)),
        findCertificate: find,
      },
      ACTOR,
    );
  await t.rejects(
    replay(async () => undefined),
    { code: 'replay-impossible' },
    'no certificate is left unknown',
  );
  await t.rejects(assertRestored(start), { code: 'log-behind' }, 'and nothing was replayed then');
  const report = await replay(async (sha256) => archive.get(sha256));
  t.same(report.certificates, [`certificate:bronze/${life.late.serialNumber.toString('hex')}`]);
  t.equal(report.statusChanges, 3);
  await assertRestored(start);
  t.equal(await untilRestored(start), true, 'the next start goes on');

  const records = new LogRecords(stores.database);
  const findings: unknown[] = [];
  for await (const finding of checkLog({ records, folder: new LogFolder(path) })) findings.push(finding);
  t.same(findings, [], 'fsck finds nothing about the log');
  const lost: unknown[] = [];
  for await (const finding of checkRecords(new PgRecords(stores.database))) lost.push(finding);
  t.match(
    lost,
    [{ code: 'certificate-without-application', subject: report.certificates[0] }],
    'and of the records only what rests on a case that was lost',
  );
  t.equal(lost.length, 1);

  const service = await openTestService({ opened, dataDirectory });
  const { ocspResponder } = service.house.services;
  const statusOf = async (certificate: Certificate) => {
    const { body: answer } = await ocspResponder.answer(question(certificate, life.issuer), 'bronze');
    const response = parseOcspResponse(answer);
    return response.status === 'successful' ? response.responses[0].status : response.status;
  };
  t.match(await statusOf(life.revoked), { kind: 'revoked', reason: 'keyCompromise' });
  t.match(await statusOf(life.held), { kind: 'revoked', reason: 'certificateHold' });
  t.match(await statusOf(life.late), { kind: 'good' }, 'what was issued after the backup is known');
  t.ok(await isListed(service, life.revoked), 'the next CRL lists what was revoked');
  const holds = await service.house.stores.database.query({ text: 'select cause from hold_cause' });
  t.same(holds, [{ cause: 'office-order' }], 'an officer can lift the hold');
  await service.house.log.publish();
  const [note] = (readFileSync(join(path, 'checkpoint'), 'utf8').split('\n')[1] ?? '').split(' ');
  t.ok(Number(note) > report.toSize, 'the log goes on where it was');
  await service.close();
}

async function untilAnswered(port: number, body: Buffer): Promise<Buffer> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/ocsp/bronze`, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request' },
      body,
    }).catch(() => undefined);
    if (response) return Buffer.from(await response.arrayBuffer());
    await delay(CRL_MILLISECONDS);
  }
}

async function isListed({ app, clock }: TestService, { serialNumber }: Certificate): Promise<boolean> {
  for (let attempt = 0; attempt < CRL_ATTEMPTS; attempt += 1) {
    const { rawPayload, statusCode } = await app.inject({ url: '/crl/bronze.crl' });
    const list = statusCode === 200 && parseCertificateList(rawPayload);
    if (list && list.revokedCertificates.find(serialNumber)) return true;
    clock.advanceSeconds(5);
    await delay(CRL_MILLISECONDS);
  }
  return false;
}

await t.test('an older copy of the embedded database', async (t) => {
  const dataDirectory = temporaryFolder(t);
  const embedded = await PGlite.create();
  const opened = await openPool(embedded, async () => undefined);
  await migrate(opened.pool, MIGRATIONS);
  let backup: Blob | undefined;
  const life = await live(opened, dataDirectory, async () => {
    backup = await embedded.dumpDataDir('none');
  });
  await opened.close();
  const older = await openPool(await PGlite.create({ loadDataDir: backup! }), async () => undefined);
  await restored(t, older, dataDirectory, life);
  await older.close();
});

await t.test('PostgreSQL, by a dump and to a point in time', async (t) => {
  const folder = temporaryFolder(t);
  const owner = serverOwner();
  const bin = newestServer();
  const ownFolder = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    if (owner) chownSync(path, owner.uid, owner.gid);
    return path;
  };
  chmodSync(folder, 0o755);
  const [archive, backups] = [ownFolder('archive'), ownFolder('backups')];
  const server = await PostgresServer.create(t, [
    'archive_mode=on',
    `archive_command=test ! -f ${archive}/%f && cp %p ${archive}/%f`,
  ]);
  const run = (program: string, args: readonly string[]) => {
    const { status, stderr } = spawnSync(join(bin, program), args, {
      cwd: backups,
      encoding: 'utf8',
      ...owner,
    });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  };
  const execute = async (statement: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const databaseOf = (base: string, name: string) => {
    const url = new URL(base);
    url.pathname = `/${name}`;
    return url.href;
  };
  await execute('create database mohr');
  const opened = await openPostgres(databaseOf(server.url, 'mohr'));
  await migrate(opened.pool, MIGRATIONS);
  const dataDirectory = join(folder, 'data');
  const [dump, base] = [join(backups, 'mohr.dump'), join(backups, 'base')];
  const life = await live(opened, dataDirectory, async () => {
    run('pg_dump', ['--format=custom', `--file=${dump}`, databaseOf(server.url, 'mohr')]);
    run('pg_basebackup', ['-d', server.url, '-D', base, '-X', 'none', '-c', 'fast', '--no-sync']);
    await execute(`select pg_create_restore_point('before_the_revocation')`);
  });
  await opened.close();
  await execute('select pg_switch_wal()');
  const copyOf = (name: string) => {
    const copy = join(folder, name);
    cpSync(dataDirectory, copy, { recursive: true });
    return copy;
  };

  await t.test('pg_dump and pg_restore', async (t) => {
    await execute('create database restored');
    const url = databaseOf(server.url, 'restored');
    run('pg_restore', ['--exit-on-error', '-d', url, dump]);
    const older = await openPostgres(url);
    await restored(t, older, copyOf('after-dump'), life);
    await older.close();
  });

  await t.test('pg_basebackup and archived WAL', async (t) => {
    const recovered = await server.recover(t, base, [
      `restore_command=cp ${archive}/%f %p`,
      'recovery_target_name=before_the_revocation',
      'recovery_target_action=promote',
    ]);
    for (const url = databaseOf(recovered.url, 'mohr'); ; await delay(CRL_MILLISECONDS)) {
      const older = await openPostgres(url).catch(() => undefined);
      if (!older) continue;
      const { rows } = await older.pool.query<{ waiting: boolean }>('select pg_is_in_recovery() as waiting');
      if (!rows[0].waiting) {
        await restored(t, older, copyOf('after-recovery'), life);
        await older.close();
        return;
      }
      await older.close();
    }
  });
});
