import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import t from 'tap';

import { checkRecords } from '../../cli/fsck/check-records.ts';
import type { Finding } from '../../cli/fsck/finding.ts';
import { PgRecords } from '../../db/pg-records.ts';
import type { Database } from '../../db/database.ts';
import { approveApplication } from '../../ra/approve-application.ts';
import { fileApplication } from '../../ra/file-application.ts';
import type { Role } from '../../ra/officer.ts';
import { ActivationDesk, requestOfPhone } from '../support/activation-desk.ts';
import { applicationBody } from '../support/applications.ts';
import { proofOf } from '../support/approve-in-process.ts';
import { makeDeployment } from '../support/deployment.ts';
import { csvOf, rosterRow } from '../support/roster.ts';
import { layHold } from '../../ra/holds/lay-hold.ts';
import { tamper } from '../support/tamper.ts';
import { onBothServices, onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const CARD_PROFILES = ['signing-card', 'signing-card-etsi', 'authentication'];
const SETTLE_ATTEMPTS = 2_000;
const SETTLE_INTERVAL_MS = 50;

async function findings(database: Database): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of checkRecords(new PgRecords(database))) found.push(finding);
  return found;
}

const TABLES = [
  'authority',
  'issuance_intent',
  'certificate',
  'status_counter',
  'status_change',
  'crl',
  'crl_chunk',
  'crl_part',
  'crl_number_series',
  'audit_event',
  'application',
  'passkey',
  'application_approval',
  'approval_exemption',
  'activation',
];

const keep = TABLES.map((table) => `create table kept_${table} as select * from ${table}`).join('; ');
const restore = TABLES.map(
  (table) => `delete from ${table}; insert into ${table} overriding system value select * from kept_${table}`,
).join('; ');

async function issueOne(
  { house }: TestService,
  override: { profile?: string } = {},
): Promise<{ authorityId: string; serialNumber: Buffer }> {
  const { services, stores } = house;
  const officers = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const officer = (role: Role) => officers.find(({ roles }) => roles.includes(role))!;
  const { profile, applicant, certificationRequest } = await applicationBody(override);
  const input = { profileId: profile, applicant, certificationRequest };
  const { id, version } = await fileApplication(services.registration, officer('clerk'), input);
  const approver = officer('approving-officer');
  const proof = await proofOf({ house }, approver, id);
  await approveApplication(services.registration, approver, { id, version, proof });
  const [record] = await stores.directory.search({ applicationId: id, limit: 1 });
  return record;
}

/** A phone's, whose approval leaves the key open. */
async function activateOne(service: TestService): Promise<void> {
  const desk = new ActivationDesk(service);
  const { id } = await desk.filePhone();
  const code = await desk.approveAndRead(id);
  const input = { code, deskSecret: await desk.deskSecret(id), certificationRequest: await requestOfPhone() };
  const { status } = await desk.activate(id, input);
  if (status !== 200) throw new Error(`not activated: ${status}`);
}

/** One row is changed behind the back of the triggers; `A` is a good certificate, `B` one that was held and then revoked. */
interface Corruption {
  name: string;
  sql: (a: string, b: string) => string;
  /** Each code that is found, with the subjects' pattern. */
  expected: Record<string, RegExp>;
}

/** The approval behind a certificate. */
const approvalOf = (where: string) =>
  `'application:' || application_id = (select origin from certificate where ${where})`;

const CORRUPTIONS: Corruption[] = [
  {
    name: 'a certificate that is not one',
    sql: (a) => `update certificate set der = '\\x3000' where ${a}`,
    expected: { 'certificate-unreadable': /^certificate:bronze/, 'certificate-fingerprint': /./ },
  },
  {
    name: 'a certificate with a flipped bit in its signature',
    sql: (a) =>
      `update certificate set der = set_byte(der, octet_length(der) - 1, get_byte(der, octet_length(der) - 1) # 1) where ${a}`,
    expected: { 'certificate-signature': /^certificate:bronze/, 'certificate-fingerprint': /./ },
  },
  {
    name: 'an intent whose TBS is another',
    sql: (a) => `update issuance_intent set tbs_certificate = tbs_certificate || '\\x00' where ${a}`,
    expected: { 'certificate-tbs-differs': /^certificate:bronze/ },
  },
  {
    name: 'a fingerprint that is wrong',
    sql: (a) => `update certificate set sha256 = set_byte(sha256, 0, get_byte(sha256, 0) # 1) where ${a}`,
    expected: { 'certificate-fingerprint': /^certificate:bronze/ },
  },
  {
    name: 'a key hash that is wrong',
    sql: (a) =>
      `update issuance_intent set spki_sha256 = set_byte(spki_sha256, 0, get_byte(spki_sha256, 0) # 1) where ${a}`,
    expected: { 'certificate-key-hash': /^certificate:bronze/ },
  },
  {
    name: 'a longer validity in the columns',
    sql: (a) => `update certificate set not_after = not_after + interval '1 year' where ${a}`,
    expected: { 'certificate-columns': /^certificate:bronze/ },
  },
  {
    name: 'an intent that is gone',
    sql: (a) => `delete from issuance_intent where ${a}`,
    expected: { 'certificate-without-intent': /^certificate:bronze/ },
  },
  {
    name: 'a certificate that is gone',
    sql: (a) => `delete from certificate where ${a}`,
    expected: {
      'intent-open': /^certificate:bronze/,
      'status-of-no-certificate': /^change:/,
      'application-without-certificate': /^application:/,
    },
  },
  {
    name: 'a history that does not begin with issued',
    sql: (_a, b) =>
      `update status_change set event = 'released', reason = null where ${b} and event = 'issued'`,
    expected: { 'status-not-issued': /^certificate:bronze/, 'event-missing': /./ },
  },
  {
    name: 'a revocation that is turned into a second hold',
    sql: (_a, b) =>
      `update status_change set event = 'held', reason = 'certificateHold' where ${b} and event = 'revoked'`,
    expected: {
      'status-transition': /^certificate:bronze/,
      'event-missing': /^certificate:bronze/,
      'crl-content': /^crl:bronze/,
    },
  },
  {
    name: 'a revocation that is gone',
    sql: (_a, b) => `delete from status_change where ${b} and event = 'revoked'`,
    expected: { 'change-counter': /^change-counter:/, 'crl-content': /^crl:bronze/ },
  },
  {
    name: 'a hold that is gone',
    sql: (_a, b) => `delete from status_change where ${b} and event = 'held'`,
    expected: { 'change-number-gap': /^change:/, 'row-differs': /^certificate:bronze/ },
  },
  {
    name: 'a revocation with an earlier date',
    sql: (_a, b) =>
      `update status_change set effective_at = effective_at - interval '1 day' where ${b} and event = 'revoked'`,
    expected: { 'status-time': /^certificate:bronze/, 'crl-content': /^crl:bronze/ },
  },
  {
    name: 'a counter that is ahead',
    sql: () => 'update status_counter set last_change_number = last_change_number + 1',
    expected: { 'change-counter': /^change-counter:/ },
  },
  {
    name: 'a CRL with a flipped bit',
    sql: () => `update crl_chunk set octets = set_byte(octets, octet_length(octets) - 1,
        get_byte(octets, octet_length(octets) - 1) # 1)
      where sha256 in (select chunk from crl_part where authority_id = 'bronze' and scope = 'complete')`,
    expected: { 'crl-signature': /^crl:bronze\/complete/, 'crl-columns': /^crl:bronze\/complete/ },
  },
  {
    name: 'a CRL that is not one',
    sql: () => `update crl_chunk set octets = '\\x3000'
      where sha256 in (select chunk from crl_part where authority_id = 'silver' and scope = 'complete')`,
    expected: { 'crl-unreadable': /^crl:silver\/complete/ },
  },
  {
    name: 'a CRL in force without its octets',
    sql: () => `delete from crl_part where authority_id = 'silver' and scope = 'complete'`,
    expected: { 'crl-unreadable': /^crl:silver\/complete/ },
  },
  {
    name: 'a CRL with another number and time than its row',
    sql: () =>
      `update crl set next_update = next_update + interval '1 day' where authority_id = 'silver' and scope = 'complete'`,
    expected: { 'crl-columns': /^crl:silver\/complete/ },
  },
  {
    name: 'a number series that was set back',
    sql: () => `delete from crl_number_series where authority_id = 'silver' and series = 'complete'`,
    expected: { 'crl-numbers': /^crl:silver\/complete/ },
  },
  {
    name: 'an audit event of an issuance that is gone',
    sql: (a) => `delete from audit_event where action = 'issue-certificate' and subject =
      (select 'certificate:' || authority_id || '/' || encode(serial_number, 'hex') from certificate where ${a})`,
    expected: { 'event-missing': /^certificate:bronze/ },
  },
  {
    name: 'an audit event of a revocation that is gone',
    sql: () => `delete from audit_event where action = 'revoke-certificate'`,
    expected: { 'event-missing': /^certificate:bronze/ },
  },
  {
    name: 'an application that is gone',
    sql: (a) =>
      `delete from application where 'application:' || id = (select origin from certificate where ${a})`,
    expected: {
      'certificate-without-application': /^certificate:bronze/,
      'event-without-row': /^application:/,
    },
  },
  {
    name: 'an application that waits',
    sql: (a) => `update application set state = 'approved'
      where 'application:' || id = (select origin from certificate where ${a})`,
    expected: { 'application-open': /^application:/ },
  },
  {
    name: 'an approval document with other octets',
    sql: (a) => `update application_approval set document = document || '\\x20' where ${approvalOf(a)}`,
    expected: { 'approval-unreadable': /^application:/ },
  },
  {
    name: 'an approval document that says somebody else, in its canonical form',
    sql: (a) => `update application_approval set document =
        convert_to(replace(convert_from(document, 'UTF8'), 'Mobile Sign', 'Mobile Sihn'), 'UTF8') where ${approvalOf(a)}`,
    expected: {
      'approval-columns': /^application:/,
      'approval-differs': /^application:/,
      'approval-signature': /^application:/,
    },
  },
  {
    name: 'an approval with a flipped bit in its signature',
    sql: (a) => `update application_approval set signature = set_byte(signature, octet_length(signature) - 1,
        get_byte(signature, octet_length(signature) - 1) # 1) where ${approvalOf(a)}`,
    expected: { 'approval-signature': /^application:/ },
  },
  {
    name: 'an approval by a user whom nobody verified',
    sql: (a) =>
      `update application_approval set authenticator_data = set_byte(authenticator_data, 32, 1) where ${approvalOf(a)}`,
    expected: { 'approval-signature': /^application:/ },
  },
  {
    name: 'an approval that is said to be of another officer',
    sql: (a) => `update application_approval set approved_by =
        (select id from officer where 'ca-operator' = any(roles) limit 1) where ${approvalOf(a)}`,
    expected: { 'approval-credential': /^application:/, 'row-differs': /^application:/ },
  },
  {
    name: "a passkey that was exchanged for another's key",
    sql: () => `update passkey set spki = (select spki from application limit 1)`,
    expected: { 'approval-signature': /^application:/, 'passkey-key': /^passkey:/ },
  },
  {
    name: 'a passkey that is younger than what it has signed',
    sql: () => `update passkey set created_at = created_at + interval '1 year'`,
    expected: { 'approval-credential': /^application:/, 'row-differs': /^passkey:/ },
  },
  {
    name: 'an approval of another application',
    sql: (a) => `update application set council_digits = '1' || council_digits
      where 'application:' || id = (select origin from certificate where ${a})`,
    expected: { 'approval-differs': /^application:/ },
  },
  {
    name: 'an approval that is gone',
    sql: (a) => `delete from application_approval where ${approvalOf(a)}`,
    expected: { 'approval-missing': /^application:/ },
  },
  {
    name: 'a certificate that was issued on another approval',
    sql: (a) => `update issuance_intent set approval_sha256 = sha256('x') where ${a}`,
    expected: { 'approval-differs': /^application:/ },
  },
  {
    name: 'an activation that nobody has used',
    sql: () => 'update activation set used_at = null, certification_request = null',
    expected: { 'activation-missing': /^application:/, 'row-differs': /^application:/ },
  },
  {
    name: 'an activation that came before its approval',
    sql: () =>
      `update activation set made_at = made_at - interval '1 day', used_at = used_at - interval '1 day'`,
    expected: { 'activation-differs': /^application:/, 'row-differs': /^application:/ },
  },
  {
    name: 'an activation with the request of another key',
    sql: () => `update activation set certification_request =
      (select certification_request from application where delivery = 'request' limit 1)`,
    expected: { 'activation-differs': /^application:/ },
  },
  {
    name: 'an activation that no event tells of',
    sql: () => `delete from audit_event where action = 'use-activation'`,
    expected: { 'event-missing': /^application:/ },
  },
  {
    name: 'an approval that leaves the key open, of what is for no phone',
    sql: () => `update application set delivery = 'request' where delivery = 'phone'`,
    expected: { 'approval-differs': /^application:/ },
  },
  {
    name: 'an exemption for a campaign that there was not',
    sql: (a) => `delete from application_approval where ${approvalOf(a)};
      insert into approval_exemption select id, 'campaign', 'forged', filed_by, decided_by, decided_at from application
      where 'application:' || id = (select origin from certificate where ${a})`,
    expected: { 'approval-missing': /^application:/ },
  },
  {
    name: "a holder's certificate that no application stands behind",
    sql: (a) => `update certificate set origin = 'responder:bronze' where ${a};
      update issuance_intent set origin = 'responder:bronze' where ${a}`,
    expected: {
      'approval-missing': /^certificate:bronze/,
      'application-without-certificate': /^application:/,
      'row-differs': /^certificate:bronze/,
    },
  },
  {
    name: "an authority's certificate that is not one",
    sql: () => `update authority set certificate = '\\x3000' where id = 'silver'`,
    expected: {
      'authority-unreadable': /^authority:silver/,
      'certificate-signature': /^certificate:silver/,
      'crl-signature': /^crl:silver/,
    },
  },
];

await t.test('names each row that was changed', async (part) => {
  await onBothServices(part, async (one, service) => {
    const { stores, services } = service.house;
    const { database } = stores;
    const good = await issueOne(service);
    const ended = await issueOne(service);
    await activateOne(service);
    const change = { ...ended, requestedBy: 'officer:test' };
    const actor = { kind: 'operator', id: 'test' } as const;
    const { transactions } = services;
    await transactions.transaction((tx) =>
      layHold(services.statusChanges, tx, { ...change, cause: 'lost' }, actor),
    );
    await services.statusChanger.changeStatus(
      { ...change, event: 'revoked', reason: 'keyCompromise' },
      actor,
    );
    one.ok(await settle(database, service), 'the CRLs have the revocation');
    // Nothing changes behind the test's back any more.
    await service.house.close();
    one.same(await findings(database), [], 'nothing is found in what the service wrote');
    await tamper(database, keep);
    const where = ({ serialNumber }: { serialNumber: Buffer }) =>
      `serial_number = '\\x${serialNumber.toString('hex')}'`;
    for (const { name, sql, expected } of CORRUPTIONS) {
      await tamper(database, sql(where(good), where(ended)));
      const found = await findings(database);
      one.same(
        [...new Set(found.map(({ code }) => code))].sort(),
        Object.keys(expected).sort(),
        `${name}: its codes`,
      );
      for (const { code, subject } of found)
        one.match(subject, expected[code] ?? /never/, `${name}: ${subject}`);
      await tamper(database, restore);
    }
    one.same(await findings(database), []);
  });
});

await t.test('names and numbers are read as each profile writes them', async (part) => {
  await onOneService(part, async (one, service) => {
    for (const profile of CARD_PROFILES) await issueOne(service, { profile });
    one.same(await findings(service.house.stores.database), []);
  });
});

/** Lets the CRL scheduler's clock run until the newest CRLs of bronze have the last change. */
async function settle(database: Database, { clock }: TestService): Promise<boolean> {
  for (let attempt = 0; attempt < SETTLE_ATTEMPTS; attempt += 1) {
    clock.advanceSeconds(5);
    const [{ settled }] = await database.query<{ settled: boolean }>({
      text: `select exists (select from crl c, status_counter s where c.authority_id = 'bronze' and c.scope = 'complete'
        and c.last_change_number = s.last_change_number) as settled`,
    });
    if (settled) return true;
    await setTimeout(SETTLE_INTERVAL_MS);
  }
  return false;
}

await t.test('reports what a crash left, and completes it', async (part) => {
  for (const kind of ['embedded', 'postgres'] as const) {
    const deployment = await makeDeployment(part, kind);
    const roster = join(deployment.folder, 'roster.csv');
    writeFileSync(roster, csvOf([await rosterRow()]));
    const officers = [
      `--filed-by=${deployment.officer('clerk').id}`,
      `--approved-by=${deployment.officer('approving-officer').id}`,
    ];
    await deployment.run(['campaign', 'issue', roster, '--profile=signing-phone', ...officers]);
    await deployment.withStores(({ database }) =>
      tamper(
        database,
        `delete from status_change where change_number = (select last_change_number from status_counter);
        update status_counter set last_change_number = last_change_number - 1;
        delete from certificate where origin like 'application:%';
        delete from audit_event where action = 'issue-certificate' and details->>'origin' like 'application:%';
        delete from audit_unsequenced where event_id not in (select id from audit_event);
        update issuance_intent set intended_at = intended_at - interval '1 hour' where origin like 'application:%';
        update audit_event set at = at - interval '1 hour'
          where action = 'intend-certificate' and details->>'origin' like 'application:%';
        update application set state = 'approved', decided_at = decided_at - interval '1 hour'`,
      ),
    );
    const before = await deployment.run(['fsck']);
    part.equal(before.code, 1);
    part.same(
      before.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Finding).code),
      ['intent-open', 'application-open'],
    );
    const after = await deployment.run(['fsck', '--repair']);
    part.equal(after.code, 0, `${after.stdout}${after.stderr}`);
    part.equal(after.stdout, '');
  }
});
