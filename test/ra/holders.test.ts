import t from 'tap';
import type { Test } from 'tap';

import { newId } from '../../core/ids.ts';
import type { Role } from '../../ra/officer.ts';
import { parseEmail, parseMobile } from '../../ra/holders/read-contact.ts';
import { readSearchTerms } from '../../ra/holders/search-terms.ts';
import { applicationBody } from '../support/applications.ts';
import { developmentRegisters } from '../support/development-registers.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { createLoginLink, signIn } from '../../ra/sign-in.ts';
import type { Officer } from '../../ra/officer.ts';
import { onBothDatabases } from '../support/both-databases.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

t.test('what is searched for is told by its looks', async (t) => {
  t.strictSame(readSearchTerms('۹۹۹۰۰۱۲۳۴۲'), {
    kind: 'number',
    nationalId: '9990012342',
    councilDigits: '9990012342',
  });
  t.strictSame(readSearchTerms('000123456'), { kind: 'number', councilDigits: '123456' });
  t.strictSame(readSearchTerms('4A:0b:0C:0d'), { kind: 'serial', prefix: Buffer.from('4a0b0c0d', 'hex') });
  t.strictSame(readSearchTerms('آزمايشي‌فر شیرین'), { kind: 'name', words: ['ازمایشیفر', 'شیرین'] });
  t.strictSame(readSearchTerms('Fadae'), { kind: 'name', words: ['fadae'] });
  t.strictSame(readSearchTerms(' ‌ '), { kind: 'name', words: [] });
});

t.test('contacts are read as people write them', async (t) => {
  for (const text of ['09990000001', '+98 999 000 0001', '00989990000001', '۰۹۹۹-۰۰۰-۰۰۰۱', '989990000001'])
    t.equal(parseMobile(text), '09990000001', text);
  for (const text of ['0999000000', '02188000000', '+4917000000000', '', '09990000001;x'])
    t.throws(() => parseMobile(text), { code: 'mobile-malformed' }, text);
  t.equal(parseEmail(' doctor+rx@clinic.example.org '), 'doctor+rx@clinic.example.org');
  for (const text of ['a@b', 'a@b.org\nBcc: c@d.org', '"a b"@c.org', 'a@[127.0.0.1]', 'a@-b.org', '@b.org'])
    t.throws(() => parseEmail(text), { code: 'email-malformed' }, text);
});

t.test('people', async (t) => {
  await onBothDatabases(
    t,
    async (t, { opened, dataDirectory }) => {
      const registers = await developmentRegisters(t);
      const service = await openTestService({ opened, dataDirectory, registers: registers.access });
      const desk = new Desk(service);
      try {
        await t.test('a file tells everything of one person, in order', (t) => file(t, desk));
        await t.test('a search finds by part, script and number, page by page', (t) => search(t, desk));
        await t.test('an officer finds the people of their own office only', (t) => ownOffice(t, desk));
        await t.test('a mobile number counts when Shahkar says whose it is', (t) =>
          contact(t, desk, registers),
        );
        await t.test('what was only filed renames nobody', (t) => renaming(t, desk));
      } finally {
        await service.close();
      }
    },
    'first-start',
  );
});

interface Body {
  code?: string;
  next?: string;
  items: { nationalId: string; surname: string }[];
  holder: { id: string; firstInPersonAt?: string; latinName: string };
  contact: object;
  applications: { state: string }[];
  certificates: object[];
  timeline: { event: string; reason?: string; by?: string }[];
}

class Desk {
  readonly service: TestService;

  constructor(service: TestService) {
    this.service = service;
  }

  async ask(who: Role | { cookie: string }, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
    const headers = typeof who === 'string' ? { cookie: await this.service.cookieOf(who) } : who;
    const answer = await this.service.app.inject({ method, url: `/api/v1${url}`, headers, payload });
    return { status: answer.statusCode, body: answer.json<Body>() };
  }

  async found(text: string, more = ''): Promise<string[]> {
    const { body } = await this.ask('auditor', 'GET', `/holders?text=${encodeURIComponent(text)}${more}`);
    return body.items.map(({ nationalId }) => nationalId);
  }

  async certificates(text: string): Promise<{ applicant: { nationalId: string } }[]> {
    const url = `/certificates?text=${encodeURIComponent(text)}`;
    const { body } = await this.ask('auditor', 'GET', url);
    return body.items as never;
  }
}

async function file(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const { nationalId } = doctor.body.applicant;
  desk.service.clock.advanceSeconds(60);
  const path = doctor.path.slice('/api/v1'.length);
  await desk.ask('clerk', 'POST', `${path}/hold`);
  desk.service.clock.advanceSeconds(60);
  await desk.ask('ca-operator', 'POST', `${path}/release`);
  const { status, body } = await desk.ask('clerk', 'GET', `/holders/${nationalId}`);
  t.equal(status, 200);
  t.strictSame(
    body.timeline.map(({ event, reason }) => (reason ? `${event} ${reason}` : event)),
    [
      'application-filed',
      'application-decided',
      'issued',
      'held certificateHold',
      'cause-laid lost',
      'released',
      'cause-lifted lost',
      'expires',
    ],
  );
  t.match(body, { applications: [{ state: 'issued' }], certificates: [{}], contact: {} });
  t.ok(body.holder.firstInPersonAt, 'an officer has seen them');
  const [event] = await desk.service.house.stores.database.query<{ subject: string }>({
    text: `select subject from audit_event where action = 'read-holder-file' order by id desc limit 1`,
  });
  t.equal(event.subject, `holder:${body.holder.id}`, 'that it was read is recorded, and names no number');
  for (const unknown of ['9990000000', '1', 'x', '9999999999'])
    t.match(await desk.ask('clerk', 'GET', `/holders/${unknown}`), {
      status: 404,
      body: { code: 'holder-unknown' },
    });
}

async function search(t: Test, desk: Desk): Promise<void> {
  const people = [
    ['شیرین', 'فرهادپور', 'Shirin Farhadpour', '9876541'],
    ['کاوه', 'فرهادی‌نژاد', 'Kaveh Farhadinejad', '9876542'],
    ['مهشید', 'فرهادی', 'Mahshid Farhadi', '9876543'],
  ];
  const ids: string[] = [];
  for (const [givenName, surname, latinName, digits] of people) {
    const body = await applicationBody();
    const councilNumber = { group: 'other', digits };
    Object.assign(body.applicant, { givenName, surname, latinName, councilNumber });
    const filed = await desk.ask('clerk', 'POST', '/applications', body);
    t.equal(filed.status, 201);
    ids.push(body.applicant.nationalId);
  }
  const [pour, nejad, farhadi] = ids;
  t.strictSame(new Set(await desk.found('فرهاد')), new Set(ids), 'a part, in Persian');
  t.strictSame(new Set(await desk.found('RHADI')), new Set([nejad, farhadi]), 'an inner part, in Latin');
  t.strictSame(await desk.found('فرهادينژاد'), [nejad], 'Arabic yeh, no joiner');
  t.strictSame(await desk.found('farhad kaveh'), [nejad], 'words in any order');
  t.strictSame(await desk.found('مه فرهادی'), [farhadi], 'two letters at the beginning of a word');
  t.strictSame(await desk.found('هش فرهادی'), [], 'two letters inside of a word are not looked for');
  t.strictSame(await desk.found('۰۰۹۸۷۶۵۴۱'), [pour], 'the council number, padded, in Persian digits');
  t.strictSame(await desk.found(farhadi), [farhadi], 'the national id');
  t.strictSame(await desk.found('%'), [], 'no wildcards');
  t.strictSame(await desk.found('100%_ فرهاد'), []);
  const pages: string[] = [];
  let after = '';
  for (let page = 0; page < 4 && after !== undefined; page += 1) {
    const url = `/holders?text=${encodeURIComponent('فرهاد')}&limit=1${after && `&after=${after}`}`;
    const { body } = await desk.ask('auditor', 'GET', url);
    pages.push(...body.items.map(({ nationalId }) => nationalId));
    after = body.next!;
  }
  t.strictSame([...pages].sort(), [...ids].sort(), 'three pages of one, each person once');

  const doctor = await issueDoctor(desk.service);
  const serial = doctor.certificate.serialNumber.toString('hex');
  const { nationalId, surname, latinName } = doctor.body.applicant;
  t.strictSame(await desk.found(serial), [nationalId], 'the serial number of a certificate');
  // Twelve signs: ten, were they all digits, would be a national id.
  for (const text of [serial, serial.slice(0, 12).toUpperCase(), nationalId, `${surname} ${latinName}`])
    t.ok(
      (await desk.certificates(text)).some((one) => one.applicant.nationalId === nationalId),
      'certificates by the same',
    );
  t.strictSame(await desk.certificates('فرهاد'), [], 'nobody of them has one');
}

async function ownOffice(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const { nationalId, latinName } = doctor.body.applicant;
  const cookie = await clerkElsewhere(desk.service);
  const url = `/holders?text=${encodeURIComponent(latinName)}`;
  t.strictSame((await desk.ask({ cookie }, 'GET', url)).body.items, []);
  t.match(await desk.ask({ cookie }, 'GET', `/holders/${nationalId}`), { status: 404 });
  t.ok((await desk.ask('clerk', 'GET', url)).body.items.length > 0);
  const contact = `/applications/${doctor.applicationId}/contact`;
  t.match(await desk.ask({ cookie }, 'PUT', contact, { email: 'a@b.org' }), { status: 404 });
}

/** A cookie of a clerk of an office that has filed nothing. */
async function clerkElsewhere({ house }: TestService): Promise<string> {
  const { stores, services } = house;
  const officeId: Officer['officeId'] = newId(services.clock);
  const clerk: Officer = { id: newId(services.clock), officeId, name: 'elsewhere', roles: ['clerk'] };
  await stores.database.transaction(async (tx) => {
    const office = { id: officeId, kind: 'notary' as const, name: 'elsewhere' };
    await stores.officers.insertOffice(tx, office, services.clock.now());
    await stores.officers.insertOfficer(tx, clerk, services.clock.now());
  });
  const link = await createLoginLink(services.signIn, clerk.id, { kind: 'operator', id: 'test' });
  return `${SESSION_COOKIE}=${(await signIn(services.signIn, link)).sessionSecret}`;
}

async function contact(
  t: Test,
  desk: Desk,
  registers: Awaited<ReturnType<typeof developmentRegisters>>,
): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const { nationalId } = doctor.body.applicant;
  const url = `/applications/${doctor.applicationId}/contact`;
  const mobile = `0999${String(Number(nationalId.slice(3, 9))).padStart(7, '0')}`;
  t.match(await desk.ask('clerk', 'PUT', url, { mobile: '09120000000' }), {
    status: 422,
    body: { code: 'register-no-match' },
  });
  t.strictSame((await desk.ask('clerk', 'PUT', url, {})).body.code, 'contact-empty');
  t.match(await desk.ask('clerk', 'PUT', url, { mobile, email: 'doctor@clinic.example.org' }), {
    status: 200,
    body: { mobile: /^0999•{5}\d\d$/, email: 'd•••@clinic.example.org' },
  });
  const { body } = await desk.ask('clerk', 'GET', `/holders/${nationalId}`);
  t.match(body.contact, { mobile: /•/, email: /•/ }, 'masked in the file too');
  registers.server.faults.plan('shahkar', { kind: 'garbage' });
  t.match(
    await desk.ask('clerk', 'PUT', url, { mobile: '09120000000' }),
    { status: 409, body: { code: 'register-unavailable' } },
    'a register that answers nonsense is no match',
  );
  registers.server.faults.plan('shahkar', undefined);
  const answers = await desk.service.house.stores.database.query<{ result: string }>({
    text: `select result from register_answer where subject = $1 and register = 'shahkar' order by id`,
    values: [`application:${doctor.applicationId}`],
  });
  t.strictSame(
    answers.map(({ result }) => result),
    ['NO_MATCH', 'MATCH', 'UNAVAILABLE'],
    'every answer is kept',
  );
}

async function renaming(t: Test, desk: Desk): Promise<void> {
  const doctor = await issueDoctor(desk.service);
  const { applicant } = doctor.body;
  const body = await applicationBody({ applicant: { ...applicant, latinName: 'Somebody Else' } });
  t.equal((await desk.ask('clerk', 'POST', '/applications', body)).status, 201);
  const { holder } = (await desk.ask('clerk', 'GET', `/holders/${applicant.nationalId}`)).body;
  t.equal(holder.latinName, applicant.latinName);
}
