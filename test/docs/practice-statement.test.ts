import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import { certificateLints } from '../../ca/lint/certificate-lints.ts';
import { lintErrors, runLints } from '../../ca/lint/lint.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { CE } from '../../pki/oid.ts';
import { parseCertificatePolicies } from '../../pki/extensions/certificate-policies.ts';
import { applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { issueFor, issuingParts } from '../support/issuing.ts';
import { LINT_GROUPS } from '../support/lints-document.ts';
import { practiceStatement, statementsOf } from '../support/practice-statement.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const lints = LINT_GROUPS.flatMap((group) => group.lints);
const lintIds = new Set(lints.map(({ id }) => id));
const statements = statementsOf(practiceStatement);

t.test('each statement names what enforces it, and that exists', async (t) => {
  t.ok(statements.length > 30, 'the statements are found');
  for (const { text, enforcedBy } of statements) {
    t.ok(enforcedBy.length > 0, text);
    for (const name of enforcedBy) t.ok(lintIds.has(name) || existsSync(root + name), `${name} exists`);
  }
});

t.test('each lint that cites the practice statement stands in the section that it cites', async (t) => {
  const citing = lints.flatMap(({ id, source }) => {
    const section = /practice statement: ([a-z]+)/.exec(source)?.[1];
    return section === undefined ? [] : [{ id, section }];
  });
  t.ok(citing.length > 10, 'there are such lints');
  for (const { id, section } of citing) {
    const found = statements.filter(({ enforcedBy }) => enforcedBy.includes(id));
    t.ok(
      found.some((statement) => statement.section === section),
      `${id} stands under ${section}`,
    );
  }
});

t.test('the service does what the statement says', async (t) => {
  await onBothServices(t, async (t, service) => {
    const { app, house, clock } = service;
    const body = await applicationBody();
    const filed = await post(service, 'clerk', '/applications', body);

    await t.test('each certificate is linted before it is signed', async (t) => {
      await approve(app, await service.cookieOf('approving-officer'), filed.id);
      const rows = await house.stores.database.query<{ der: Buffer; authority_id: string }>({
        text: 'select der, authority_id from certificate',
      });
      t.equal(rows.length, 5, "two issuing CAs, their responders and one doctor's");
      for (const { der, authority_id: issuerId } of rows) {
        const issuer = house.hierarchy.certificates.get(issuerId)!;
        const errors = lintErrors(runLints(certificateLints, { certificate: parseCertificate(der), issuer }));
        t.strictSame(errors, []);
      }
      const application = await applicationOf(service, filed.id);
      const applicant = { ...application.applicant, latinName: 'shirin@example.org' };
      const broken = { ...application, applicant, origin: 'application:broken' };
      await t.rejects(house.services.registration.issuer.check(broken), {
        code: 'lint-failed',
        detail: /email-absent/,
      });
    });

    await t.test('no key is certified twice', async (t) => {
      const application = await applicationOf(service, filed.id);
      const issuer = new CertificateIssuer(await issuingParts(service));
      const { subjectPublicKeyInfo } = application;
      await t.rejects(issueFor(issuer, { subjectPublicKeyInfo }), { code: 'key-reused' });
    });

    await t.test('nobody approves what they filed, whatever their roles', async (t) => {
      const grant = (roles: string) =>
        house.stores.database.query({
          text: `update officer set roles = $1 where 'clerk' = any(roles)`,
          values: [roles],
        });
      await grant('{clerk,approving-officer}');
      const own = await post(service, 'clerk', '/applications', await applicationBody());
      const answer = await post(service, 'clerk', `/applications/${own.id}/approve`, { version: 1 });
      await grant('{clerk}');
      t.match(answer, { status: 403, code: 'four-eyes' });
    });

    await t.test('a certificate points to the statement, which is there for everybody', async (t) => {
      const certificate = await certificateOf(service, filed.id);
      const policies = parseCertificatePolicies(certificate.extensions.get(CE.certificatePolicies)!.value);
      t.strictSame(policies, [
        { policy: '2.16.364.101.1.1.1', cpsUri: 'http://mohr.test/cps' },
        { policy: '2.999.364.1.1.1' },
      ]);
      const response = await app.inject({ url: '/cps' });
      t.equal(response.statusCode, 200);
      t.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
      t.equal(response.body, practiceStatement);
      const { etag } = response.headers;
      t.equal((await app.inject({ url: '/cps', headers: { 'if-none-match': etag } })).statusCode, 304);
      t.equal((await app.inject({ url: '/cps', headers: { 'if-none-match': '"x"' } })).statusCode, 200);
    });

    await t.test('a revocation takes effect when it is received, never before', async (t) => {
      const { serialNumber } = await certificateOf(service, filed.id);
      clock.advanceSeconds(3600);
      const response = await post(
        service,
        'ca-operator',
        `/certificates/bronze/${serialNumber.toString('hex')}/revoke`,
        {
          reason: 'keyCompromise',
          invalidityDate: new Date(clock.now().getTime() - 1_800_000).toISOString(),
        },
      );
      const effectiveAt = Date.parse(response.effectiveAt);
      t.equal(effectiveAt, Math.floor(clock.now().getTime() / 1000) * 1000);
    });

    await t.test('events have no personal data', async (t) => {
      const events = await house.stores.database.query<{ event: string }>({
        text: 'select e::text as event from audit_event e',
      });
      t.ok(events.length > 10, 'there are events');
      const { nationalId, givenName, surname, latinName } = body.applicant;
      for (const personal of [nationalId, givenName, surname, latinName]) {
        t.notOk(
          events.some(({ event }) => event.includes(personal)),
          `${personal} stands in no event`,
        );
      }
    });
  });
});

/** Answers of the API, as far as they are looked at here. */
type Answer = Record<'id' | 'code' | 'effectiveAt', string>;

async function post(
  service: TestService,
  role: Parameters<TestService['cookieOf']>[0],
  path: string,
  payload: object,
): Promise<Answer> {
  const headers = { cookie: await service.cookieOf(role) };
  const response = await service.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload });
  return response.json();
}

async function applicationOf({ house }: TestService, id: string) {
  const [application] = (await house.stores.applications.list({ limit: 100 })).filter((one) => one.id === id);
  return application;
}

async function certificateOf({ house }: TestService, applicationId: string) {
  const [row] = await house.stores.database.query<{ der: Buffer }>({
    text: 'select der from certificate where origin = $1',
    values: [`application:${applicationId}`],
  });
  return parseCertificate(row.der);
}
