import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import t from 'tap';
import type { Test } from 'tap';

import type { Authority } from '../../ca/authority/authority.ts';
import { BulkIssuer } from '../../ca/issue/bulk-issuer.ts';
import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { Database } from '../../db/database.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { breakableLink } from '../support/breakable-link.ts';
import { campaignRequests } from '../support/campaign-requests.ts';
import { forkProgram } from '../support/compiled-program.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { TEST_ACTOR, issuanceRequest, issuingParts } from '../support/issuing.ts';
import { createTestDatabase } from '../support/postgres.ts';
import type { RaceOrder, RaceResult } from '../support/race-worker.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onOneService, openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';
import { NO_TINY_DISK, tinyDisk } from '../support/tiny-disk.ts';

// What the machine does to a CA at work. Nothing acknowledged is lost, nothing unrecorded is signed, fsck names what is left.

let lastNumber = 0;

/** So that fsck looks for no application. */
function request() {
  lastNumber += 1;
  return issuanceRequest({ origin: `test:${lastNumber}` });
}

type Parts = Awaited<ReturnType<typeof issuingParts>>;

t.test('a database that goes away between intent and certificate', async (t) => {
  const { url } = await createTestDatabase(t);
  const dataDirectory = temporaryFolder(t);
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const link = await breakableLink(t, url);
  const before = await openTestService({ opened: await openPostgres(link.url), dataDirectory });
  const parts = await issuingParts(before);
  const cutting = withSigner(parts, async (bronze, message) => {
    const signature = await bronze.signer.sign(message);
    link.cut();
    return signature;
  });
  const interrupted = new CertificateIssuer(cutting);
  const [first, ...others] = await campaignRequests(before, 6);
  const one = await interrupted.prepare(first);
  await t.rejects(interrupted.issue(one, TEST_ACTOR), { code: 'database-unreachable' });
  await link.mend();

  const many = await Promise.all(others.map((other) => interrupted.prepare(other)));
  const { certificates, statuses, audit } = before.house.stores;
  const bulk = new BulkIssuer({ ...cutting, certificates, statuses, audit, issuer: interrupted });
  await t.rejects(bulk.issueAll(many, TEST_ACTOR), { code: 'database-unreachable' }, 'a batch too');
  await before.close();
  await link.mend();

  const tokens = [one, ...many];
  const { database } = await restarted(t, opened, dataDirectory, (found) =>
    t.strictSame(
      found,
      ['intent-open', 'application-open'].flatMap((code) => tokens.map(() => code)),
      'fsck names each',
    ),
  );
  t.strictSame(await findings(database), [], 'the start has completed them');
  for (const { request: asked, tbs } of tokens) {
    const rows = await database.query<{ serial_number: Buffer; tbs_certificate: Buffer; der: Buffer }>({
      text: `select c.serial_number, i.tbs_certificate, c.der
        from certificate c join issuance_intent i using (authority_id, serial_number) where c.origin = $1`,
      values: [asked.origin],
    });
    t.equal(rows.length, 1, 'one certificate');
    const [row] = rows;
    t.ok(row.serial_number.equals(tbs.serialNumber), 'of the serial number that was drawn');
    t.ok(row.tbs_certificate.equals(tbs.bytes) && row.der.includes(tbs.bytes), 'over the very bytes');
  }
});

t.test('a disk that is full', { skip: NO_TINY_DISK ?? false }, async (t) => {
  const disk = tinyDisk(t, 64, 'postgres');
  const { url, name } = await createTestDatabase(t);
  await onDisk(t, url, name, disk.folder);
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const dataDirectory = temporaryFolder(t);
  const service = await openTestService({ opened, dataDirectory });
  const { database } = service.house.stores;
  const issuer = new CertificateIssuer(await issuingParts(service));
  const acknowledged: Buffer[] = [];
  const issueUntilRefused = async (): Promise<unknown> => {
    for (let count = 0; count < 2_000; count += 1) {
      const token = await issuer.prepare(request());
      const refusal = await issuer.issue(token, TEST_ACTOR).then(
        ({ sha256 }) => void acknowledged.push(sha256),
        (error: unknown) => error,
      );
      if (refusal) return refusal;
    }
    return undefined;
  };
  disk.fill();
  t.match(await issueUntilRefused(), { code: 'database-unreachable', cause: { code: '53100' } });
  t.ok((await database.query({ text: 'select 1' })).length === 1, 'reading goes on');
  await service.close();
  disk.empty();

  const { database: after } = await restarted(t, opened, dataDirectory, (found) =>
    t.ok(
      found.every((code) => code === 'intent-open'),
      `fsck names what is left: ${found.join()}`,
    ),
  );
  t.strictSame(await findings(after), []);
  const stored = await after.query<{ sha256: Buffer }>({ text: 'select sha256 from certificate' });
  const known = new Set(stored.map(({ sha256 }) => sha256.toString('hex')));
  for (const sha256 of acknowledged)
    t.ok(known.has(sha256.toString('hex')), 'what was acknowledged is there');
});

t.test('two issuers, each a process, race for serial and CRL numbers', async (t) => {
  const { url } = await createTestDatabase(t);
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const service = await openTestService({ opened, dataDirectory: temporaryFolder(t) });
  await service.close();
  const [{ last }] = await service.house.stores.database.query<{ last: string }>({
    text: `select last_number as last from crl_number_series where authority_id = 'bronze' and series = 'complete'`,
  });
  const serials = Array.from({ length: 100 }, () => randomBytes(16).toString('hex'));
  const processes = [1, 2].map(() => forkProgram('test/support/race-worker.ts'));
  await Promise.all(processes.map((one) => once(one, 'message')));
  const results = await Promise.all(
    processes.map(async (one) => {
      one.send({ url, serials, crlNumbers: 100 } satisfies RaceOrder);
      return ((await once(one, 'message')) as [RaceResult])[0];
    }),
  );
  serials.forEach((_, at) => {
    const outcomes = results.map(({ outcomes: all }) => all[at]).sort();
    t.strictSame(outcomes, ['recorded', 'serial-taken'], 'each serial number has one winner');
  });
  const numbers = results.flatMap(({ crlNumbers }) => crlNumbers).sort((a, b) => a - b);
  t.strictSame(
    numbers,
    numbers.map((_, at) => Number(last) + 1 + at),
    'no CRL number twice, and none left out',
  );
  for (const { crlNumbers } of results)
    t.strictSame(
      crlNumbers,
      [...crlNumbers].sort((a, b) => a - b),
      'they grow for each',
    );
});

t.test('a clock that is set back', async (t) => {
  await onOneService(t, async (t, service) => {
    const { clock, app, house } = service;
    clock.advanceSeconds(86_400);
    const link = await service.loginLinkOf('ca-operator');
    const cookie = await service.cookieOf('ca-operator');
    const sessionOf = () => app.inject({ url: '/api/v1/sessions/current', headers: { cookie } });
    const endOfSession = async () => Date.parse((await sessionOf()).json<{ expiresAt: string }>().expiresAt);
    const expiresAt = await endOfSession();
    const doctor = await issueDoctor(service);
    const [{ at: lastBefore }] = await lastChange(house.stores.database);
    clock.advanceSeconds(-7_200);

    const other = await issueDoctor(service);
    t.ok(
      other.certificate.notBefore < doctor.certificate.notBefore,
      'a new certificate says the time there is',
    );
    const held = await app.inject({ method: 'POST', url: `${doctor.path}/hold`, headers: { cookie } });
    t.equal(held.statusCode, 200, held.body);
    const [{ at }] = await lastChange(house.stores.database);
    t.ok(at >= lastBefore, 'a hold is no earlier than the issue of what it holds');
    t.match(
      await ocspStatus(service, doctor.certificate.serialNumber),
      { kind: 'revoked' },
      'and is seen at once',
    );

    t.ok((await endOfSession()) <= expiresAt, 'no session lasts longer');
    const signedIn = { method: 'POST', url: '/api/v1/sessions', payload: { loginLink: link } } as const;
    t.equal((await app.inject(signedIn)).statusCode, 201);
    t.equal((await app.inject(signedIn)).statusCode, 401, 'a link that was used stays used');

    const events = await house.stores.database.query<{ id: string; at: Date }>({
      text: 'select id, at from audit_event order by id',
    });
    t.ok(
      events.some(({ at: moment }, index) => index > 0 && moment < events[index - 1].at),
      'events say the time there was',
    );
    t.equal(
      Number(events.at(-1)!.id) - Number(events[0].id) >= events.length - 1,
      true,
      'in the order of their writing',
    );
    t.strictSame(await findings(house.stores.database), []);
  });
});

/** A new start over the database, after `look` has heard what fsck says before it. */
async function restarted(
  t: Test,
  opened: OpenedPool,
  dataDirectory: string,
  look: (found: string[]) => unknown,
): Promise<{ database: Database }> {
  look(await findings(new Database(opened.pool)));
  const service = await openTestService({ opened, dataDirectory });
  t.teardown(() => service.close());
  return service.house.stores;
}

function withSigner(parts: Parts, sign: (bronze: Authority, message: Uint8Array) => Promise<Buffer>): Parts {
  const bronze = parts.authorities.get('bronze')!;
  const { label, algorithm, subjectPublicKeyInfo } = bronze.signer;
  const signer = {
    label,
    algorithm,
    subjectPublicKeyInfo,
    sign: (message: Uint8Array) => sign(bronze, message),
  };
  return { ...parts, authorities: new Map([...parts.authorities, ['bronze', { ...bronze, signer }]]) };
}

async function findings(database: Database): Promise<string[]> {
  const found: string[] = [];
  // What these tests issue comes of no application, and fsck rightly says so of each.
  for await (const { code } of checkRecords(new PgRecords(database)))
    if (code !== 'approval-missing') found.push(code);
  return found;
}

function lastChange(database: Database): Promise<{ at: Date }[]> {
  return database.query({
    text: 'select effective_at as at from status_change order by change_number desc limit 1',
  });
}

async function ocspStatus({ app, house }: TestService, serialNumber: Buffer) {
  const issuer = house.hierarchy.certificates.get('bronze')!;
  const { rawPayload } = await app.inject({
    method: 'POST',
    url: '/ocsp/bronze',
    headers: { 'content-type': 'application/ocsp-request' },
    payload: encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)]),
  });
  const response = parseOcspResponse(rawPayload);
  return response.status === 'successful' ? response.responses[0].status : undefined;
}

/** Moves a database that nobody uses to a disk of its own. */
async function onDisk(t: Test, url: string, name: string, folder: string): Promise<void> {
  const server = new URL(url);
  server.pathname = '/postgres';
  const { pool, close } = await openPostgres(server.href);
  const tablespace = `tiny_${name}`;
  await pool.query(`create tablespace ${tablespace} location '${folder}'`);
  await pool.query(`alter database ${name} set tablespace ${tablespace}`);
  await close();
  t.teardown(async () => {
    const again = await openPostgres(server.href);
    await again.pool.query(`drop tablespace ${tablespace}`).catch(() => undefined);
    await again.close();
  });
}
