import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import pg from 'pg';
import t from 'tap';
import type { Test } from 'tap';

import { parseNoteKey } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { checkEvidence } from '../../cli/fsck/check-evidence.ts';
import { checkLogStatements } from '../../cli/fsck/check-log-statements.ts';
import { checkLog } from '../../cli/fsck/check-log.ts';
import { checkTold } from '../../cli/fsck/check-told.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import type { Finding } from '../../cli/fsck/finding.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { systemClock } from '../../core/clock.ts';
import { errorCode } from '../../core/errors.ts';
import { Database } from '../../db/database.ts';
import { LogRecords } from '../../db/log-records.ts';
import { PgEvidenceStore } from '../../db/pg-evidence-store.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import type { EvidenceVault } from '../../ra/evidence/evidence-house.ts';
import { layHold } from '../../ra/holds/lay-hold.ts';
import { ActivationDesk, requestOfPhone } from '../support/activation-desk.ts';
import { onPostgres } from '../support/both-databases.ts';
import { renewalAcceptance, renewalRequest, signedByHolder } from '../support/holder-signatures.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { memoryWitness } from '../support/memory-witness.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

/** The stored nodes of the tree begin with the first whole tile. */
const TILE_LEAVES = 256;
const RENEWED_DAYS_BEFORE = 60;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

const CERTIFICATE = `'certificate:' || authority_id || '/' || encode(serial_number, 'hex')`;
const CRL = `'crl:' || authority_id || '/' || scope || '/' || crl_number`;
const FULL_CRL = `authority_id = 'bronze' and scope = 'complete'`;

interface Checked {
  check: 'records' | 'log' | 'statements' | 'evidence';
  /** Names of the row in findings, one of which has to be said. */
  named: string;
  /** Which row is changed; the first one that fits. */
  where?: string;
}

const OF_APPLICATION = `origin like 'application:%'`;
/** What an application is called, and its certificate. */
const APPLICATION = (
  id: string,
) => `'application:' || ${id} || ',' || coalesce((select ${CERTIFICATE} from certificate
  where origin = 'application:' || ${id}), '')`;
const EVENT_OF_CHANGE = `(select string_agg('event:' || id, ',') from audit_event
  where details->>'changeNumber' = change_number::text)`;
const EVENT = `'event:' || event_id`;
const CHECKPOINT = `'checkpoint:' || tree_size || ',checkpoint:' || tree_size + 1`;

/** Each table that is read by the check of a deployment's own records, and how a row of it is called. */
const TABLES: Record<string, Checked> = {
  authority: {
    check: 'records',
    named: `'authority:' || id || ',certificate:' || id || ',crl:' || id`,
    where: `id = 'bronze'`,
  },
  certificate: { check: 'records', named: CERTIFICATE, where: OF_APPLICATION },
  issuance_intent: { check: 'records', named: `${CERTIFICATE} || ',' || origin`, where: OF_APPLICATION },
  status_change: {
    check: 'records',
    named: `${CERTIFICATE} || ',change:' || change_number || ',' || ${EVENT_OF_CHANGE}`,
    where: `event = 'revoked'`,
  },
  status_counter: { check: 'records', named: `'change-counter:'` },
  hold_cause: {
    check: 'records',
    named: CERTIFICATE,
    where: `not exists (select from hold_cause_lift l where l.cause_id = hold_cause.id)`,
  },
  crl: {
    check: 'records',
    named: CRL,
    where: `${FULL_CRL} and crl_number = (select max(crl_number) from crl where ${FULL_CRL})`,
  },
  crl_part: {
    check: 'records',
    named: CRL,
    where: `${FULL_CRL} and crl_number = (select max(crl_number) from crl where ${FULL_CRL})`,
  },
  crl_chunk: {
    check: 'records',
    named: `(select string_agg(${CRL}, ',') from crl_part p where p.chunk = crl_chunk.sha256)`,
    where: `sha256 in (select chunk from crl_part where ${FULL_CRL} and crl_number = (select max(crl_number) from crl where ${FULL_CRL}))`,
  },
  crl_number_series: {
    check: 'records',
    named: `'crl:' || authority_id || '/' || series`,
    where: `authority_id = 'bronze' and series = 'complete'`,
  },
  application: {
    check: 'records',
    named: APPLICATION('id'),
    where: `delivery = 'request' and state = 'issued' and exists (select from certificate where origin = 'application:' || application.id)`,
  },
  application_approval: { check: 'records', named: APPLICATION('application_id') },
  activation: { check: 'records', named: APPLICATION('application_id') },
  passkey: {
    check: 'records',
    named: `'passkey:' || id || ',' || (select string_agg('application:' || application_id, ',') from application_approval a where a.credential_id = passkey.credential_id)`,
    where: 'credential_id in (select credential_id from application_approval)',
  },
  renewal: {
    check: 'records',
    named: `'renewal:' || id || ',' || (select ${CERTIFICATE} from certificate where origin = 'renewal:' || renewal.id)`,
  },
  renewal_acceptance: { check: 'records', named: `'renewal:' || renewal_id` },
  evidence: { check: 'evidence', named: `'evidence:' || id` },
  evidence_content: { check: 'evidence', named: `'evidence:' || evidence_id` },
  audit_event: { check: 'log', named: `'event:' || id`, where: `action = 'revoke-certificate'` },
  audit_leaf: { check: 'log', named: `${EVENT} || ',leaf:' || leaf_index`, where: `leaf_index = 10` },
  audit_salt: {
    check: 'log',
    named: EVENT,
    where: `event_id = (select event_id from audit_leaf where leaf_index = 10)`,
  },
  audit_node: { check: 'log', named: `'node:' || level || '/' || node_index` },
  audit_tree: { check: 'log', named: `'leaf:'` },
  audit_checkpoint: {
    check: 'statements',
    named: CHECKPOINT,
    where: 'tree_size in (select tree_size from audit_checkpoint_stamp)',
  },
  audit_checkpoint_stamp: { check: 'statements', named: CHECKPOINT },
  audit_cosignature: { check: 'statements', named: CHECKPOINT },
};

interface Column {
  column: string;
  type: string;
  nullable: boolean;
}

const flipped = (column: string) =>
  `set_byte(${column}, octet_length(${column}) - 1, get_byte(${column}, octet_length(${column}) - 1) # 1)`;

/** What somebody could write instead, by type; a later one only where the schema refuses the one before. */
const CHANGES: Record<string, (column: string) => string[]> = {
  bytea: (column) => [flipped(column)],
  text: (column) => [
    `${column} || 'x'`,
    `translate(${column}, 'abcdefghijklmnopqrstuvwxyz0123456789', 'bcdefghijklmnopqrstuvwxyza1234567890')`,
  ],
  int2: (column) => [`${column} + 1`],
  int4: (column) => [`${column} + 1`],
  int8: (column) => [`${column} + 1`],
  bool: (column) => [`not ${column}`],
  timestamptz: (column) => [`${column} + interval '1 day'`, `${column} - interval '1 day'`],
  date: (column) => [`${column} + 1`],
  uuid: () => ['gen_random_uuid()'],
  jsonb: (column) => [
    `case jsonb_typeof(${column}) when 'object' then ${column} || '{"tampered": true}' else '[]'::jsonb end`,
  ],
  _text: (column) => [`array_append(${column}, 'x')`],
  interval: (column) => [`${column} + interval '1 day'`],
};

/** What somebody could write where nothing was, by type. */
const INSTEAD_OF_NOTHING: Record<string, string> = {
  bytea: `'\\x00'`,
  text: `'x'`,
  int2: '1',
  int4: '1',
  int8: '1',
  bool: 'true',
  timestamptz: 'now()',
  date: 'now()',
  uuid: 'gen_random_uuid()',
  jsonb: `'{}'`,
  _text: `'{x}'`,
  interval: `'1 day'`,
};

interface Row {
  table: string;
  checked: Checked;
  at: string;
  /** One of which has to be said. */
  names: string[];
}

/** `named`, `refused` by the schema, or what was done and what was found instead. */
type Outcome = string;

/** SQLSTATEs of a schema that does not take a value: check, unique, not null, generated always. */
const REFUSED = new Set(['23514', '23505', '23502', '428C9']);

/** What fsck does not hold against anything, with the reasons: the auditor's own document is the list. */
const ACCEPTED = new Set(
  Array.from(
    readFileSync(new URL('../../docs/AUDIT.md', import.meta.url), 'utf8').matchAll(
      /`([a-z_]+\.[a-z_0-9]+)`/g,
    ),
    ([, name]) => name,
  ).filter((name) => name.split('.')[0] in TABLES),
);

/** What is found where even the schema's checks were taken away; nothing makes the check itself fail. */
const PAST_CHECKS = [
  { table: 'status_change', sql: `update status_change set event = event || 'x'`, code: 'status-transition' },
  {
    table: 'application_approval',
    sql: 'update application_approval set authenticator_data = null',
    code: 'approval-signature',
  },
  { table: 'passkey', sql: `update passkey set spki = '\\x3000'`, code: 'approval-signature' },
];

/** Found by no other test. */
const FOUND_HERE = [
  'authority-signature',
  'evidence-size',
  'event-without-row',
  'row-differs',
  'passkey-key',
  'log-node-differs',
  'log-statement-of-none',
];

async function changeEverything(one: Test, tamperer: Tamperer): Promise<void> {
  for (const check of ['records', 'log', 'statements', 'evidence'] as const)
    one.same(await all(tamperer.check(check)), [], 'nothing is found in what the service wrote');
  const unnamed = new Set<string>();
  for (const [table, checked] of Object.entries(TABLES)) {
    const row = await tamperer.rowOf(table, checked);
    for (const [column, values] of await tamperer.columnsOf(row))
      for (const outcome of await tamperer.outcomesOf(row, column, values)) {
        if (outcome === 'named' || outcome === 'refused') continue;
        unnamed.add(`${table}.${column}`);
        one.ok(ACCEPTED.has(`${table}.${column}`), `${table}.${column}: ${outcome}`);
      }
    const removed = await tamperer.outcomeOf(row, `delete from ${table} where ${row.at}`);
    one.ok(removed === 'named' || ACCEPTED.has(`${table}.row`), `a removed row of ${table}: ${removed}`);
    if (removed !== 'named') unnamed.add(`${table}.row`);
  }
  one.same(
    [...ACCEPTED].filter((name) => !unnamed.has(name)),
    [],
    'nothing is written down that is found',
  );
  for (const { table, sql, code } of PAST_CHECKS)
    one.ok((await tamperer.codesPastChecks(table, sql)).includes(code), `${sql}: ${code}`);
  for (const code of FOUND_HERE) one.ok(tamperer.codes.has(code), code);
}

class Tamperer {
  readonly codes = new Set<string>();
  readonly #database: Database;
  readonly #checks: Record<Checked['check'], () => AsyncIterable<Finding>>;
  readonly #changes: LogRecords;

  constructor(
    database: Database,
    { folder, vault, witnesses }: { folder: LogFolder; vault: EvidenceVault; witnesses: NoteKey[] },
  ) {
    this.#database = database;
    const [records, log] = [new PgRecords(database), new LogRecords(database)];
    this.#changes = log;
    this.#checks = {
      records: () => checkRecords(records),
      log: () => checkLog({ records: log, folder }),
      statements: () => checkLogStatements({ records: log, witnesses }),
      evidence: () => checkEvidence(new PgEvidenceStore(database), vault),
    };
  }

  /** What is found of a kind of row; of records, also what the check of the log says of status changes. */
  async *check(check: Checked['check']): AsyncGenerator<Finding> {
    yield* this.#checks[check]();
    if (check === 'evidence') yield* checkTold(new PgRecords(this.#database));
    if (check !== 'records') return;
    for (const subject of await this.#changes.subjects('changesThatAreNot'))
      yield { code: 'event-without-status', subject, detail: '' };
  }

  async rowOf(table: string, checked: Checked): Promise<Row> {
    const { named, where = 'true' } = checked;
    const [row] = await this.#database.query<{ ctid: string; named: string }>({
      text: `select ctid::text, ${named} as named from ${table} where ${where} limit 1`,
    });
    if (!row) throw new Error(`nothing stands in ${table}`);
    return {
      table,
      checked,
      at: `ctid = '${row.ctid}'`,
      names: row.named.split(',').filter((name) => name !== ''),
    };
  }

  /** Each column of the row with what could be written into it. */
  async columnsOf({ table, at }: Row): Promise<[column: string, values: string[][]][]> {
    const columns = await this.#database.query<Column>({
      text: `select column_name as column, udt_name as type, is_nullable = 'YES' as nullable
        from information_schema.columns where table_name = $1 and table_schema = current_schema() and is_generated = 'NEVER'`,
      values: [table],
    });
    const [filled] = await this.#database.query<Record<string, boolean>>({
      text: `select ${columns.map(({ column }) => `${column} is not null as ${column}`).join(', ')} from ${table} where ${at}`,
    });
    return columns.map(({ column, type, nullable }) => {
      if (!CHANGES[type]) throw new Error(`${table}.${column} is of type ${type}`);
      if (!filled[column]) return [column, [[INSTEAD_OF_NOTHING[type]]]];
      return [column, [CHANGES[type](column), ...(nullable ? [['null']] : [])]];
    });
  }

  async outcomesOf(row: Row, column: string, changes: string[][]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const values of changes) {
      let outcome: Outcome = 'refused';
      for (const value of values) {
        outcome = await this.outcomeOf(row, `update ${row.table} set ${column} = ${value} where ${row.at}`);
        if (outcome !== 'refused') break;
      }
      outcomes.push(outcome);
    }
    return outcomes;
  }

  async outcomeOf({ checked, names }: Row, sql: string): Promise<Outcome> {
    return this.#within(sql, async () => {
      const found = await all(this.check(checked.check));
      for (const { code } of found) this.codes.add(code);
      const isNamed = found.some(({ subject }) => names.some((name) => subject.startsWith(name)));
      return isNamed
        ? 'named'
        : `${sql}: ${found.map(({ code, subject }) => `${code} ${subject}`).join(', ')}`;
    });
  }

  async codesPastChecks(table: string, sql: string): Promise<string[]> {
    const checks = await this.#database.query<{ name: string }>({
      text: `select conname as name from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
      values: [table],
    });
    const dropped = checks.map(({ name }) => `alter table ${table} drop constraint "${name}";`).join(' ');
    let codes: string[] = [];
    await this.#within(`${dropped} ${sql}`, async () => {
      codes = (await all(this.check('records'))).map(({ code }) => code);
      return 'named';
    });
    return codes;
  }

  /** As somebody who gets around triggers and foreign keys, and takes it all back. */
  async #within(sql: string, look: () => Promise<Outcome>): Promise<Outcome> {
    try {
      await this.#database.query({ text: `begin; set local session_replication_role = replica; ${sql}` });
    } catch (error) {
      await this.#database.query({ text: 'rollback' });
      if (REFUSED.has(errorCode(error) ?? '')) return 'refused';
      throw error;
    }
    try {
      return await look();
    } finally {
      await this.#database.query({ text: 'rollback' });
    }
  }
}

await t.test('whichever column is changed, the row is named, or docs/AUDIT.md says why not', async (part) => {
  await onPostgres(
    part,
    async (one, { opened, dataDirectory }) => {
      const witness = memoryWitness(systemClock, async () => {
        const { stores } = service.house;
        const known = await stores.database.transaction((tx) => stores.logKeys.listKeys(tx));
        return known.map(({ noteKey }) => parseNoteKey(noteKey));
      });
      const service = await openTestService({ opened, dataDirectory, witnesses: [witness] });
      await liveThrough(service);
      const { vault } = service.house.services.papers;
      await service.close();
      // One connection: every change is undone with its transaction.
      const { options } = opened.pool;
      const database = new Database(new pg.Pool({ ...options, password: options.password, max: 1 }));
      try {
        const folder = new LogFolder(join(dataDirectory, 'log'));
        await changeEverything(one, new Tamperer(database, { folder, vault, witnesses: [witness.key] }));
      } finally {
        await database.close();
      }
    },
    'first-start',
  );
});

t.test('each code is expected by a test', (t) => {
  const source = readFileSync(new URL('../../cli/fsck/finding.ts', import.meta.url), 'utf8');
  const codes = Array.from(source.matchAll(/\| '([a-z-]+)'/g), ([, code]) => code);
  const folder = new URL('../', import.meta.url);
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  t.ok(codes.length > 50);
  t.strictSame(
    codes.filter((code) => !new RegExp(`'${code}[' ]`).test(tests)),
    [],
  );
  t.end();
});

async function all(found: AsyncIterable<Finding>): Promise<Finding[]> {
  const list: Finding[] = [];
  for await (const finding of found) list.push(finding);
  return list;
}

/** Certificates that are good, held, revoked, activated, renewed and accepted, a paper, and enough events for a tile. */
async function liveThrough(service: TestService): Promise<void> {
  const { services, stores, log } = service.house;
  const actor = { kind: 'operator', id: 'test' } as const;
  const certificateOf = async () => {
    const doctor = await issueDoctor(service);
    return {
      doctor,
      change: {
        authorityId: 'bronze',
        serialNumber: doctor.certificate.serialNumber,
        requestedBy: 'officer:test',
      },
    };
  };
  const [held, ended, renewed] = [await certificateOf(), await certificateOf(), await certificateOf()];
  await services.transactions.transaction((tx) =>
    layHold(services.statusChanges, tx, { ...held.change, cause: 'lost' }, actor),
  );
  await services.statusChanger.changeStatus(
    { ...ended.change, event: 'revoked', reason: 'keyCompromise' },
    actor,
  );
  await sendPaper(service, renewed.doctor.applicationId);
  const desk = new ActivationDesk(service);
  await desk.take(renewed.doctor.applicationId, { mobile: '09990000001' });
  const { id } = await desk.filePhone();
  const code = await desk.approveAndRead(id);
  const input = { code, deskSecret: await desk.deskSecret(id), certificationRequest: await requestOfPhone() };
  const { status } = await desk.activate(id, input);
  if (status !== 200) throw new Error(`not activated: ${status}`);
  await renew(service, renewed.doctor);
  await stores.database.transaction((tx) =>
    stores.audit.recordAll(
      tx,
      Array.from(
        { length: TILE_LEAVES },
        () =>
          ({
            at: service.clock.now(),
            actor,
            subject: 'key:test',
            action: 'block-key',
            outcome: 'accepted',
            details: {},
          }) as const,
      ),
    ),
  );
  for (let round = 1; round <= 2; round += 1) {
    await log.publish();
    await log.stamp!();
  }
}

async function renew(service: TestService, doctor: Awaited<ReturnType<typeof issueDoctor>>): Promise<void> {
  const { app, clock } = service;
  clock.set(new Date(doctor.certificate.notAfter.getTime() - RENEWED_DAYS_BEFORE * DAY_MILLISECONDS));
  const send = async (url: string, payload: object) => {
    const answer = await app.inject({ method: 'POST', url: `/api/v1/renewals${url}`, payload });
    if (answer.statusCode >= 300) throw new Error(answer.body);
    return answer;
  };
  const signer = memorySigner();
  const request = await signedByHolder(await renewalRequest(doctor, signer), doctor, clock.now());
  const { id, certificate: pem } = (await send('', request)).json<{ id: string; certificate: string }>();
  const certificate = parseCertificate(decodePem(pem, ['CERTIFICATE'])[0].bytes);
  await send(
    `/${id}/acceptance`,
    await signedByHolder(renewalAcceptance(id, certificate), { certificate, signer }, clock.now()),
  );
}

async function sendPaper({ app, cookieOf }: TestService, id: string): Promise<void> {
  const content = Buffer.from('ffd8ffe000104a46494600010100000100010000ffda0008010100003f00aaffd9', 'hex');
  const head = `--between\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  const answer = await app.inject({
    method: 'POST',
    url: `/api/v1/applications/${id}/evidence?kind=id-copy`,
    headers: { cookie: await cookieOf('clerk'), 'content-type': 'multipart/form-data; boundary=between' },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--between--\r\n')]),
  });
  if (answer.statusCode !== 201) throw new Error(answer.body);
}
