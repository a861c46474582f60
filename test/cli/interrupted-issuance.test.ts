import { Writable } from 'node:stream';

import t from 'tap';
import type { Test } from 'tap';

import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import { makeLogger } from '../../cli/logger.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { Application } from '../../ra/application.ts';
import { originOf } from '../../ra/application.ts';
import { recordApproval } from '../../ra/approve-application.ts';
import { fileApplication } from '../../ra/file-application.ts';
import type { Officer } from '../../ra/officer.ts';
import { applicationBody } from '../support/applications.ts';
import { proofOf } from '../support/approve-in-process.ts';
import { onPostgres } from '../support/both-databases.ts';
import { TEST_ACTOR, issuingParts } from '../support/issuing.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// A process that died leaves applications at each point between approval and certificate; the next start completes them
// before it says that it is ready.

/** Actions that were done before the process died. */
const BY_OFFICERS = ['file-application', 'check-registers', 'approve-application'];

t.test('a start completes what the last process left', async (t) => {
  await onPostgres(
    t,
    async (t, { opened, dataDirectory }) => {
      const first = await openTestService({ opened, dataDirectory });
      const left = await leaveBehind(first);
      await first.close();

      const lines: string[] = [];
      const destination = new Writable({
        write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()),
      });
      const second = await openTestService({
        opened,
        dataDirectory,
        logger: makeLogger('warn', destination),
      });
      await verify(t, second, left);
      t.match(lines.join(''), left.blocked.id, 'what cannot be issued is in the log');
      t.match(lines.join(''), /"code":"key-blocked"/);
      await second.close();
    },
    'first-start',
  );
});

interface Left {
  approved: Application;
  intended: Application;
  certified: Application;
  blocked: Application;
}

async function leaveBehind(service: TestService): Promise<Left> {
  const { stores, services } = service.house;
  const house = services.registration;
  await Promise.all([service.cookieOf('clerk'), service.cookieOf('approving-officer')]);
  const officers = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const [clerk, approver] = (['clerk', 'approving-officer'] as const).map((role): Officer =>
    officers.find(({ roles }) => roles.includes(role))!,
  );
  const approve = async () => {
    const { profile, ...body } = await applicationBody();
    const { id, version } = await fileApplication(house, clerk, { ...body, profileId: profile });
    return recordApproval(house, approver, { id, version, proof: await proofOf(service, approver, id) });
  };
  const [blocked, approved, intended, certified] = [
    await approve(),
    await approve(),
    await approve(),
    await approve(),
  ];
  await stores.database.query({
    text: `insert into blocked_key (spki_sha256, reason, blocked_at) values ($1, 'test', now())`,
    values: [digest('sha256', blocked.subjectPublicKeyInfo!)],
  });
  const parts = await issuingParts(service);
  await issue(new CertificateIssuer(parts), service, certified);
  const dead = {
    ...parts.authorities.get('bronze')!.signer,
    sign: () => Promise.reject(new Error('a crash')),
  };
  const authorities = new Map([['bronze', { ...parts.authorities.get('bronze')!, signer: dead }]]);
  await issue(new CertificateIssuer({ ...parts, authorities }), service, intended).catch(() => undefined);
  return { approved, intended, certified, blocked };
}

async function issue(
  issuer: CertificateIssuer,
  { house }: TestService,
  application: Application,
): Promise<void> {
  const { applicant, id, subjectPublicKeyInfo, ...request } = application;
  const { document, proof, approvedAt } = (await house.stores.approvals.find(id))!;
  const authorization = { kind: 'approval', document, proof, approvedAt } as const;
  const { councilNumber, ...subject } = applicant;
  const token = await issuer.prepare({
    ...request,
    subjectPublicKeyInfo: subjectPublicKeyInfo!,
    origin: originOf(id),
    subject,
    councilNumber,
    authorization,
  });
  await issuer.issue(token, TEST_ACTOR);
}

async function verify(t: Test, { app, house }: TestService, { blocked, ...completed }: Left): Promise<void> {
  const issuer = house.hierarchy.certificates.get('bronze')!;
  for (const [name, { id }] of Object.entries(completed)) {
    const rows = await house.stores.database.query<{
      state: string;
      serial_number: Buffer;
      actions: string[];
    }>({
      text: `select a.state, c.serial_number, (select array_agg(action order by e.id) from audit_event e
          where e.subject in ('application:' || a.id, 'certificate:bronze/' || encode(c.serial_number, 'hex'))) as actions
        from application a join certificate c on c.origin = 'application:' || a.id where a.id = $1`,
      values: [id],
    });
    t.equal(rows.length, 1, `${name}: one certificate`);
    const [{ state, serial_number: serialNumber, actions }] = rows;
    t.equal(state, 'issued', name);
    t.strictSame(
      actions.filter((action) => !BY_OFFICERS.includes(action)),
      ['intend-certificate', 'issue-certificate', 'complete-application'],
      `${name}: each step once`,
    );
    const payload = encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)]);
    const headers = { 'content-type': 'application/ocsp-request' };
    const answer = await app.inject({ method: 'POST', url: '/ocsp/bronze', headers, payload });
    t.match(
      parseOcspResponse(answer.rawPayload),
      { status: 'successful', responses: [{ status: { kind: 'good' } }] },
      name,
    );
  }
  const waiting = await house.services.registration.applications.find(blocked.id);
  t.equal(
    waiting?.state,
    'approved',
    'one that cannot be issued waits, and holds up neither the others nor the start',
  );
}
