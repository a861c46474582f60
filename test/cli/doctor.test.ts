import { chmodSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { pino } from 'pino';
import { Registry } from 'prom-client';
import t from 'tap';
import type { Test } from 'tap';

import { encodeCheckpoint } from '../../audit/checkpoint.ts';
import { parseNoteKey, signNote } from '../../audit/note/note-key.ts';
import { encodeNote } from '../../audit/note/signed-note.ts';
import { sequenceAll } from '../../audit/sequence-events.ts';
import { checkExpiries } from '../../cli/doctor/check-certificates.ts';
import {
  checkBackups,
  checkClocksApart,
  checkReplication,
  checkServer,
} from '../../cli/doctor/check-database.ts';
import { checkKeptOutside, checkLogKeys, checkProgress, checkWitnesses } from '../../cli/doctor/check-log.ts';
import type { ExaminedLog } from '../../cli/doctor/check-log.ts';
import { checkClock, checkDisk } from '../../cli/doctor/check-machine.ts';
import { checkCrls } from '../../cli/doctor/check-published.ts';
import { examinerOf, exitCodeOf } from '../../cli/doctor/diagnosis.ts';
import type { Check, Diagnosis, Examiner } from '../../cli/doctor/diagnosis.ts';
import { doctor } from '../../cli/doctor/doctor.ts';
import { KeyStore } from '../../cli/key-store.ts';
import { openStores } from '../../cli/stores.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { addLogKey } from '../../cli/transparency/log-keys.ts';
import { openLog } from '../../cli/transparency/open-log.ts';
import type { LogOptions } from '../../cli/transparency/open-log.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { PgDeploymentHealth } from '../../db/pg-deployment-health.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { listenAsWitness } from '../support/listening-witness.ts';
import { ed25519Signer, memoryWitness } from '../support/memory-witness.ts';
import { freePort } from '../support/free-port.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { copyPreparedKeys, postgresTemplate } from '../support/prepared-starts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { NO_TINY_DISK, tinyDisk } from '../support/tiny-disk.ts';
import { openTestService } from '../support/test-service.ts';

const RIGHT_CLOCK = {
  state: async () => ({ synchronised: true as const, errorMilliseconds: 2, measurement: 'now' }),
};

/** A whole deployment: the service listens where its certificates say, and neighbours answer. */
async function openDeployment(t: Test) {
  const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
  const dataDirectory = temporaryFolder(t);
  copyPreparedKeys('postgres', dataDirectory);
  const opened = await openPostgres(url);
  await migrate(opened.pool, MIGRATIONS);
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const witness = await listenAsWitness(t, 'witness.test/one');
  const logWitnesses = join(temporaryFolder(t), 'witnesses');
  writeFileSync(logWitnesses, `${witness.noteKey} ${witness.url}\n`);
  const service = await openTestService({
    opened,
    dataDirectory,
    publicUrl,
    logWitnesses,
    clock: systemClock,
  });
  await service.app.listen({ host: '127.0.0.1', port });
  const neighbour = await listen(t);
  const neighbourUrl = `http://127.0.0.1:${(neighbour.address() as AddressInfo).port}`;
  const keys = join(dataDirectory, 'register-keys.json');
  writeFileSync(keys, '{"keys":[]}');
  const smtp = join(dataDirectory, 'smtp-url');
  writeFileSync(smtp, neighbourUrl.replace('http:', 'smtp:'), { mode: 0o600 });
  t.teardown(async () => {
    await service.close();
    await opened.close();
  });
  await issueDoctor(service);
  const { database, logKeys } = service.house.stores;
  // The log has its key from the first checkpoint on; the witness has not been told it, and refuses.
  await service.house.log.publish().catch(() => undefined);
  const [{ noteKey }] = await database.transaction((tx) => logKeys.listKeys(tx));
  witness.logs.push(parseNoteKey(noteKey));
  await service.house.log.publish();
  const flags: Record<string, string> = {
    'database-url': url,
    'data-dir': dataDirectory,
    'public-url': publicUrl,
    'council-register-url': neighbourUrl,
    'civil-registry-url': neighbourUrl,
    'shahkar-url': neighbourUrl,
    'register-keys-file': keys,
    'smtp-url-file': smtp,
    'smtp-from': 'mohr@example.test',
    'sms-gateway-url': neighbourUrl,
    'log-witnesses': logWitnesses,
  };
  const run = async (override: Record<string, string> = {}) => {
    let printed = '';
    const args = Object.entries({ ...flags, ...override }).flatMap(([name, value]) => [`--${name}`, value]);
    const output = { write: (text: string) => (printed += text) !== '' };
    const code = await doctor([...args, '--json'], output, { synchronisation: RIGHT_CLOCK });
    const found = printed
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Diagnosis);
    return { code, found, wrong: found.filter(({ severity }) => severity !== 'ok') };
  };
  return { service, opened, neighbour, dataDirectory, flags, run };
}

async function listen(t: Test): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close());
  return server;
}

t.test('a deployment', async (t) => {
  const deployment = await openDeployment(t);
  const { run, dataDirectory, opened, service, neighbour, flags } = deployment;
  /** The faults and warnings beside those that every test database has: it is in no hurry to be durable. */
  const found = async (override?: Record<string, string>) => {
    const { wrong } = await run(override);
    return wrong.filter(({ check, finding }) => check !== 'backups' && !finding.startsWith('fsync'));
  };

  await t.test('that is well has nothing told but what is wrong with every database of a test', async (t) => {
    const { code, wrong, found: all } = await run();
    t.match(wrong, [
      { check: 'database', severity: 'critical', finding: /^fsync .* is off/, advice: /set both to on/ },
      { check: 'backups', severity: 'warning', finding: /not archived/, advice: /archive_mode/ },
    ]);
    t.equal(wrong.length, 2);
    t.equal(code, 3);
    const checks = new Set(all.map(({ check }) => check));
    const expected: Check[] = [
      'database',
      'migrations',
      'replication',
      'clock',
      'files',
      'disk',
      'keys',
      'certificates',
    ];
    for (const check of [...expected, 'crls', 'ocsp', 'addresses', 'log', 'registers', 'messages'] as Check[])
      t.ok(checks.has(check), check);
    const addresses = all.filter(({ check }) => check === 'addresses').map(({ finding }) => finding);
    t.ok(
      addresses.some((one) => /\/crl\/bronze/.test(one)) && addresses.some((one) => /\/ca\/bronze/.test(one)),
    );
    t.match(all.find(({ check }) => check === 'ocsp')?.finding, /\/ocsp\/bronze.* answers/);
    t.ok(all.every(({ severity, advice }) => (severity === 'ok') === (advice === undefined)));
  });

  await t.test('a key that others can read, that is not there, or is another', async (t) => {
    const keys = join(dataDirectory, 'keys');
    const name = readdirSync(keys).find((one) => one.startsWith('bronze'))!;
    const path = join(keys, name);
    chmodSync(path, 0o644);
    t.match(await found(), [
      { check: 'files', severity: 'critical', finding: /mode 644/, advice: /chmod/ },
      { check: 'keys' },
    ]);
    chmodSync(path, 0o600);
    renameSync(path, `${path}.away`);
    t.match(await found(), [
      { check: 'keys', severity: 'critical', finding: /authority bronze.*cannot be used/ },
    ]);
    renameSync(
      join(
        keys,
        readdirSync(keys).find((one) => one.startsWith('silver'))!,
      ),
      path,
    );
    t.match(await found(), [
      { check: 'keys', finding: /authority (bronze|silver).*cannot be used/ },
      { check: 'keys', finding: /authority (bronze|silver).*cannot be used/ },
    ]);
    renameSync(path, path.replace('bronze', 'silver'));
    renameSync(`${path}.away`, path);
    const silver = (
      await opened.pool.query<{ key_reference: string }>(
        `select key_reference from authority where id = 'silver'`,
      )
    ).rows[0];
    renameSync(path.replace('bronze', 'silver'), join(keys, silver.key_reference.replace('file:', '')));
    t.strictSame(await found(), [], 'and all is well again');
  });

  await t.test('neighbours that are away', async (t) => {
    const away = `http://127.0.0.1:${await freePort()}`;
    t.match(await found({ 'shahkar-url': away }), [
      { check: 'registers', severity: 'critical', finding: /Shahkar.*ECONNREFUSED/ },
    ]);
    t.match(await found({ 'sms-gateway-url': away }), [
      { check: 'messages', finding: /gateway for short messages.*ECONNREFUSED/ },
    ]);
    writeFileSync(flags['smtp-url-file'], `smtp://user:hidden-1234@127.0.0.1:${new URL(away).port}`, {
      mode: 0o600,
    });
    const mail = await found();
    t.match(mail, [{ check: 'messages', finding: /mail server \(127\.0\.0\.1\).*cannot be reached/ }]);
    t.notMatch(JSON.stringify(mail), /hidden-1234/, 'its password is not told');
    writeFileSync(flags['smtp-url-file'], `smtp://127.0.0.1:${(neighbour.address() as AddressInfo).port}`);
    const list = join(temporaryFolder(t), 'witnesses');
    writeFileSync(list, readFileSync(flags['log-witnesses'], 'utf8').replace(/http:\S+/, away));
    t.match(await found({ 'log-witnesses': list }), [
      { check: 'log', severity: 'critical', finding: /witness witness\.test\/one .*ECONNREFUSED/ },
    ]);
    writeFileSync(list, 'nobody\n');
    t.match(await found({ 'log-witnesses': list }), [
      { check: 'log', severity: 'critical', finding: /no key/ },
      { check: 'log', severity: 'warning', finding: /no witness/, advice: /mohr audit witness/ },
    ]);
  });

  await t.test('a migration that has not run, and one that is too new', async (t) => {
    await opened.pool.query(`delete from schema_migration where name = '0230_schema_requirements'`);
    t.match(await found(), [
      { check: 'migrations', severity: 'critical', finding: /0230_schema_req/, advice: /mohr migrate/ },
    ]);
    await opened.pool.query(
      `insert into schema_migration (name, run_on) values ('0230_schema_requirements', now())`,
    );
    await opened.pool.query(`insert into schema_requirement values ('0999_later', 'a test')`);
    const { code, wrong } = await run();
    t.match(wrong, [{ check: 'migrations', finding: /0999_later/, advice: /newer version/ }]);
    t.equal(code, 3);
    await opened.pool
      .query(`alter table schema_requirement disable trigger all; delete from schema_requirement;
      alter table schema_requirement enable trigger all`);
  });

  await t.test('a database that cannot be had', async (t) => {
    const wrong = await found({ 'database-url': 'postgres://nobody:hidden-1234@127.0.0.1:9/none' });
    t.match(wrong, [
      { check: 'database', severity: 'critical', finding: /cannot connect.*ECONNREFUSED/, advice: /pg_hba/ },
    ]);
    t.notMatch(JSON.stringify(wrong), /hidden-1234/);
  });

  await t.test('a service that does not answer where its certificates say', async (t) => {
    await service.app.close();
    const wrong = await found();
    for (const path of ['/crl/', '/ca/bronze', '/ocsp/bronze'])
      t.ok(
        wrong.some(({ severity, finding }) => severity === 'critical' && finding.includes(path)),
        path,
      );
    t.ok(wrong.every(({ check }) => check === 'addresses' || check === 'ocsp'));
  });

  await t.test('for people, in words', async (t) => {
    let printed = '';
    const args = ['--quiet', '--data-dir', temporaryFolder(t)];
    const code = await doctor(args, { write: (text: string) => (printed += text) !== '' });
    t.equal(code, 3);
    t.match(printed, /^FAULT +database +there is no embedded database in .*\n +-> set DATABASE_URL/m);
    t.match(printed, /^warning +registers +no registers are configured/m);
    t.notMatch(printed, /^ok/m);
    t.equal(await doctor(['--nonsense']), 2);
  });
});

/** What one check says. */
async function told(check: (examiner: Examiner) => unknown): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  await check(examinerOf('database', diagnoses));
  return diagnoses;
}

t.test('what takes hours to happen', async (t) => {
  const clock = new ManualClock(new Date('2026-03-01T00:00:00Z'));
  const before = (seconds: number) => new Date(clock.now().getTime() - seconds * 1000);
  const worst = async (check: (examiner: Examiner) => unknown) => exitCodeOf(await told(check));
  const accuracy = { tsaAccuracyMilliseconds: 100 };
  const state = (one: object) => ({ state: async () => one as never });
  const away = { synchronised: false, reason: 'chronyd does not answer' };
  t.equal(await worst((one) => checkClock(undefined, accuracy, one)), 1);
  t.equal(await worst((one) => checkClock(state(away), accuracy, one)), 3);
  for (const [errorMilliseconds, code] of [
    [100, 0],
    [101, 3],
  ])
    t.equal(
      await worst((one) => checkClock(state({ synchronised: true, errorMilliseconds }), accuracy, one)),
      code,
    );
  for (const [milliseconds, code] of [
    [200, 0],
    [201, 1],
    [2001, 3],
  ])
    t.equal(await worst((one) => checkClocksApart(before(-milliseconds / 1000), clock, one)), code);

  const server = {
    version: '16.2',
    now: clock.now(),
    isReplica: false,
    isDurable: true,
    replicas: [],
    replayedSecondsAgo: null,
    archiving: { isOn: true, lastAt: before(60), lastFailedAt: null },
    missingRoles: [],
  };
  t.equal(await worst((one) => checkServer(server, one)), 0);
  t.equal(await worst((one) => checkServer({ ...server, version: '13.9' }, one)), 1);
  t.equal(await worst((one) => checkServer({ ...server, isDurable: false }, one)), 3);
  t.match(await told((one) => checkServer({ ...server, missingRoles: ['mohr_ocsp'] }, one)), [
    {},
    { advice: /roles.sql/ },
  ]);
  const replicas = (lagSeconds: number) => ({ ...server, replicas: [{ name: 'r1', lagSeconds }] });
  t.equal(await worst((one) => checkReplication(replicas(10), one)), 0);
  t.equal(await worst((one) => checkReplication(replicas(11), one)), 1);
  const replica = { ...server, isReplica: true, replayedSecondsAgo: 11 };
  t.equal(await worst((one) => checkReplication(replica, one)), 3);
  const archiving = (one: object) => ({ ...server, archiving: { ...server.archiving, ...one } });
  t.equal(await worst((one) => checkBackups(server, clock, one)), 0);
  t.equal(await worst((one) => checkBackups(archiving({ lastAt: before(3601) }), clock, one)), 1);
  t.equal(await worst((one) => checkBackups(archiving({ lastFailedAt: before(59) }), clock, one)), 3);
  t.equal(await worst((one) => checkBackups(archiving({ lastFailedAt: before(61) }), clock, one)), 0);

  const head = (age: number, life: number) => ({
    scope: { authorityId: 'bronze', kind: 'complete' as const },
    crlNumber: 1,
    thisUpdate: before(age),
    nextUpdate: before(age - life),
    lastChangeNumber: 1,
  });
  t.equal(await worst((one) => checkCrls([head(10, 86_400)], clock, 43_200, one)), 0);
  t.equal(await worst((one) => checkCrls([head(70_000, 86_400)], clock, 43_200, one)), 1, 'overdue');
  t.equal(await worst((one) => checkCrls([head(86_401, 86_400)], clock, 43_200, one)), 3, 'ended');
  t.equal(await worst((one) => checkCrls([], clock, 43_200, one)), 3);
});

t.test('the log, by what can be wrong with it', async (t) => {
  const { url } = await createTestDatabase(t);
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const [dataDirectory, otherDirectory] = [temporaryFolder(t), temporaryFolder(t)];
  const stores = openStores(opened);
  const { transparency, database, logKeys, logSequencer } = stores;
  const clock = new ManualClock(systemClock.now());
  const listKeys = () => database.transaction((tx) => logKeys.listKeys(tx));
  const witness = memoryWitness(clock, async () =>
    (await listKeys()).map(({ noteKey }) => parseNoteKey(noteKey)),
  );
  const keysFolder = join(dataDirectory, 'keys');
  const examined = async (over: Partial<ExaminedLog> = {}): Promise<ExaminedLog> => ({
    transparency,
    records: await listKeys(),
    keys: await KeyStore.open(keysFolder),
    folder: new LogFolder(join(dataDirectory, 'log')),
    witnesses: [witness.key],
    checkpointSeconds: 5,
    clock,
    ...over,
  });
  const worst = async (check: (log: ExaminedLog, one: Examiner) => unknown, over?: Partial<ExaminedLog>) => {
    const log = await examined(over);
    const found = await told((one) => check(log, one));
    return found.filter(({ severity }) => severity !== 'ok');
  };
  const record = () =>
    database.transaction((tx) =>
      stores.audit.record(tx, {
        at: clock.now(),
        actor: { kind: 'service', id: 'test' },
        action: 'test',
        outcome: 'accepted',
        subject: 'service:test',
        details: {},
      }),
    );
  /** Publishes once, as a process that has the log does. */
  const publish = async (over: Partial<LogOptions> = {}) => {
    const log = await openLog({
      stores,
      dataDirectory,
      publicUrl: 'http://mohr.test',
      clock,
      logger: pino({ level: 'silent' }),
      registry: new Registry(),
      witnesses: [witness],
      ...over,
    });
    await log.publish();
    await log.close();
  };

  await t.test('events that wait, and leaves that nobody signs', async (t) => {
    t.strictSame(await worst(checkProgress), [], 'nothing has happened yet');
    await record();
    clock.advanceSeconds(60);
    t.strictSame(await worst(checkProgress), []);
    clock.advanceSeconds(1);
    t.match(await worst(checkProgress), [
      { severity: 'critical', finding: /^1 events wait .* 61 s/, advice: /roles ca/ },
    ]);
    await sequenceAll({ sequencer: logSequencer, transactions: database });
    t.match(await worst(checkProgress), [{ finding: /no checkpoint was ever signed/ }]);
    await publish();
    await publish();
    t.strictSame(await worst(checkProgress), []);
    await record();
    await sequenceAll({ sequencer: logSequencer, transactions: database });
    clock.advanceSeconds(65);
    t.strictSame(await worst(checkProgress), []);
    clock.advanceSeconds(1);
    t.match(await worst(checkProgress), [
      { severity: 'critical', finding: /^1 leaves are under no checkpoint; .* 66 s ago/ },
    ]);
  });

  await t.test('a folder that another process writes, and a witness that is away', async (t) => {
    t.strictSame(await worst(checkKeptOutside), []);
    t.strictSame(await worst(checkWitnesses), []);
    await publish({ logDirectory: otherDirectory, witnesses: [] });
    t.strictSame(await worst(checkKeptOutside), []);
    clock.advanceSeconds(66);
    t.match(await worst(checkKeptOutside), [
      { severity: 'critical', finding: /has 2 leaves of the 3/, advice: /MOHR_LOG_DIR/ },
    ]);
    t.match(await worst(checkKeptOutside, { folder: new LogFolder(temporaryFolder(t)) }), [
      { finding: /has no leaves of the 3/ },
    ]);
    clock.advanceSeconds(3_534);
    t.strictSame(await worst(checkWitnesses), []);
    clock.advanceSeconds(1);
    t.match(await worst(checkWitnesses), [
      {
        severity: 'critical',
        finding: /witness\.test has cosigned 2 leaves.* 3601 s/,
        advice: /call whoever/,
      },
    ]);
    const line = (await transparency.cosignaturesOf(2))[0].line;
    await opened.pool.query('insert into audit_cosignature values (3, $1, $2, now())', [
      witness.key.name,
      line,
    ]);
    t.match(await worst(checkWitnesses), [
      { severity: 'critical', finding: /cosignature of witness\.test on 3 leaves is none/ },
    ]);
    t.match(await worst(checkWitnesses, { witnesses: [] }), [{ severity: 'warning' }]);
  });

  await t.test('a key that is not there, is another, or has a successor', async (t) => {
    t.strictSame(await worst(checkLogKeys), []);
    const [{ keyReference }] = await listKeys();
    const path = join(keysFolder, keyReference.replace('file:', ''));
    renameSync(path, `${path}.away`);
    t.match(await worst(checkLogKeys), [
      { severity: 'critical', finding: /log-.* cannot be used/, advice: /audit keys rotate/ },
    ]);
    writeFileSync(path, readFileSync(`${path}.away`), { mode: 0o644 });
    t.match(
      await worst(checkLogKeys),
      [{ finding: /secret-file-permissions/, advice: /chmod 600/ }],
      'a key that is there is not given up',
    );
    rmSync(path);
    const store = await KeyStore.open(keysFolder);
    renameSync(join(keysFolder, (await store.create('log', 'ed25519')).replace('file:', '')), path);
    t.match(await worst(checkLogKeys), [{ severity: 'critical', finding: /another key than was told/ }]);
    renameSync(`${path}.away`, path);
    await addLogKey({ stores, keys: store, clock, origin: '' }, { kind: 'operator', id: 'test' });
    t.match(await worst(checkLogKeys), [
      { severity: 'warning', finding: /2 keys sign/, advice: /audit keys retire/ },
    ]);
  });

  await t.test('a database that is older than what is kept, or another', async (t) => {
    const keep = async (size: number, root: Buffer, isSigned = true) => {
      const [known] = await listKeys();
      const key = parseNoteKey(known.noteKey);
      const signer = isSigned
        ? await (await KeyStore.open(keysFolder)).openSigner(known.keyReference)
        : ed25519Signer();
      const text = encodeCheckpoint({ origin: key.name, size, root });
      const note = encodeNote({ text, signatures: [await signNote(signer, key, text)] });
      writeFileSync(join(dataDirectory, 'log', 'checkpoint'), note);
    };
    await keep(999, Buffer.alloc(32));
    t.match(await worst(checkKeptOutside), [{ finding: /log-behind/, advice: /mohr audit replay/ }]);
    await keep(2, Buffer.alloc(32));
    t.match(await worst(checkKeptOutside), [{ finding: /log-forked/, advice: /mohr fsck/ }]);
    await keep(2, (await transparency.checkpointOf(2))!.root, false);
    t.match(await worst(checkKeptOutside), [{ finding: /note-signature/, advice: /none of the log's keys/ }]);
    writeFileSync(join(dataDirectory, 'log', 'checkpoint'), 'x');
    t.match(await worst(checkKeptOutside), [{ severity: 'critical', advice: /cannot be read/ }]);
  });
});

t.test('our own certificates, by their ends', async (t) => {
  const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const dataDirectory = temporaryFolder(t);
  copyPreparedKeys('postgres', dataDirectory);
  const service = await openTestService({ opened, dataDirectory });
  const [authority] = service.house.hierarchy.records;
  const certificate = Buffer.from(authority.certificate);
  const { notAfter } = service.house.hierarchy.certificates.get(authority.id)!;
  await service.close();
  const DAY = 86_400_000;
  const codeAt = async (daysLeft: number, kind: 'authority' | 'responder') => {
    const clock = new ManualClock(new Date(notAfter.getTime() - daysLeft * DAY));
    const own = [
      { name: 'authority a', kind: 'authority' as const, certificate },
      ...(kind === 'responder' ? [{ name: 'responder', kind, certificate }] : []),
    ];
    return exitCodeOf(await told((one) => checkExpiries(own, clock, one)));
  };
  t.equal(await codeAt(400, 'authority'), 0);
  t.equal(await codeAt(399, 'authority'), 1);
  t.equal(await codeAt(-1, 'authority'), 3);
  t.equal(await codeAt(400, 'responder'), 0);
  const examples = await new PgDeploymentHealth(opened.pool).publishedExamples();
  t.ok(examples.length > 0);
});

t.test('a disk that fills up', { skip: NO_TINY_DISK ?? false }, async (t) => {
  const disk = tinyDisk(t, 4);
  const at = { dataDirectory: disk.folder };
  t.equal(exitCodeOf(await told((one) => checkDisk(at, one))), 0);
  disk.fill();
  t.match(await told((one) => checkDisk(at, one)), [{ severity: 'critical', finding: /^0 %/ }]);
  disk.empty();
  t.match(await told((one) => checkDisk({ dataDirectory: '/nowhere' }, one)), [{ severity: 'critical' }]);
});
