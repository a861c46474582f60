import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import t from 'tap';
import type { Test } from 'tap';

import { LicenceLog } from '../../cli/registers/licence-log.ts';
import { accessTo, urlsOf } from '../../cli/registers/open-registers.ts';
import { Population } from '../../cli/registers/population.ts';
import { makeRegisterKeys } from '../../cli/registers/register-keys.ts';
import { KNOWN_DOCTORS, syntheticDoctor } from '../../cli/registers/registered-person.ts';
import { readSettings } from '../../cli/settings.ts';
import { parseCouncilNumber } from '../../core/council-number.ts';
import { parseNationalId } from '../../core/national-id.ts';
import { parseApplicant } from '../../ra/applicant-input.ts';
import { pollLicenceFeed } from '../../ra/licence/poll-licence-feed.ts';
import { developmentRegisters } from '../support/development-registers.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { holderOf } from '../support/licence-letters.ts';
import { csvOf } from '../support/roster.ts';
import { MOHR } from '../support/start-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onOneService } from '../support/test-service.ts';

t.test('each synthetic doctor is somebody, and nobody else', (t) => {
  const seeds = [0, 1, 7, 1405, 998_999, 999_000, 999_998];
  for (const seed of seeds) {
    const doctor = syntheticDoctor(seed);
    t.equal(parseNationalId(doctor.nationalId), doctor.nationalId);
    t.strictSame(parseApplicant(doctor).councilNumber, doctor.councilNumber, `${seed} can be applied for`);
  }
  const sample = Array.from({ length: 3_000 }, (_, index) => syntheticDoctor(index * 333));
  t.equal(new Set(sample.map(({ councilNumber }) => councilNumber.digits)).size, sample.length);
  for (const doctor of KNOWN_DOCTORS) t.equal(new Population().find(doctor.nationalId), doctor);
  t.equal(new Population().find(parseNationalId('0012345679')), undefined, 'of real people nothing is known');
  t.end();
});

const ROW = {
  national_id: syntheticDoctor(42).nationalId as string,
  given_name: 'نام',
  surname: 'تازه',
  council_group: 'dentist',
  council_digits: '0077',
};

t.test('a roster is taken as a whole', async (t) => {
  const folder = temporaryFolder(t);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const population = new Population();
  t.equal(await population.importRoster(write('a.csv', csvOf([{ ...ROW, licence: 'suspended' }]))), 1);
  t.match(population.find(syntheticDoctor(42).nationalId), {
    surname: 'تازه',
    councilNumber: parseCouncilNumber({ group: 'dentist', digits: '77' }),
    licence: 'suspended',
    isAlive: true,
  });
  t.equal(
    await population.importRoster(write('b.ndjson', `${JSON.stringify({ ...ROW, is_alive: 'no' })}\n`)),
    1,
  );
  t.match(population.find(syntheticDoctor(42).nationalId), { isAlive: false });
  const wrong: [name: string, row: Record<string, string>][] = [
    ['a real person', { ...ROW, national_id: '0012345679' }],
    ['a wrong check digit', { ...ROW, national_id: '9990000000' }],
    ['a group that is none', { ...ROW, council_group: 'wizard' }],
    ['a licence that is none', { ...ROW, licence: 'maybe' }],
    ['no surname', { ...ROW, surname: '' }],
  ];
  for (const [name, row] of wrong) {
    const path = write('wrong.csv', csvOf([{ ...ROW, given_name: 'دیگر', ...row }]));
    await t.rejects(population.importRoster(path), { code: 'roster-refused' }, name);
  }
  t.match(
    population.find(syntheticDoctor(42).nationalId),
    { givenName: 'نام' },
    'and nothing of a wrong one',
  );
});

t.test('what the Council said survives a restart of its stand-in', async (t) => {
  const file = join(temporaryFolder(t), 'below', 'events.ndjson');
  const key = makeRegisterKeys()['medical-council'];
  const first = await LicenceLog.open(key, file);
  const doctor = syntheticDoctor(9);
  await first.issue(doctor, 'suspended');
  const second = await LicenceLog.open(key, file);
  t.equal(second.apply(doctor).licence, 'suspended');
  const { message } = await second.issue(doctor, 'restored');
  t.match(JSON.parse(message), { sequence: 2, event: 'restored' });
  t.match(second.page('1', 10), { items: [{ message }], next: '2' });
});

t.test('the feed is read from where reading stopped', (t) =>
  onOneService(t, async (t, service) => {
    const registers = await developmentRegisters(t);
    const house = { ...service.house.services.licence, licenceMessages: registers.access.licenceMessages };
    const feed = registers.access.licenceFeed!;
    const doctor = await issueDoctor(service);
    const { nationalId } = holderOf(doctor);
    const statusOf = async () => {
      const history = await service.house.stores.directory.historyOf(
        'bronze',
        doctor.certificate.serialNumber,
      );
      return history.map(({ event }) => event);
    };
    t.equal(await pollLicenceFeed(house, feed), 0);
    await registers.server.announce(nationalId, 'suspended');
    t.equal(await pollLicenceFeed(house, feed), 1);
    t.strictSame(await statusOf(), ['issued', 'held']);
    await registers.server.announce(nationalId, 'restored');
    registers.server.faults.plan('licence-feed', { kind: 'garbage', times: 1 });
    await t.rejects(pollLicenceFeed(house, feed), { code: 'licence-feed-unavailable' });
    const failing = {
      ...house,
      licences: Object.assign(Object.create(house.licences) as typeof house.licences, {
        moveFeedCursor: async () => Promise.reject(new Error('died here')),
      }),
    };
    await t.rejects(pollLicenceFeed(bound(failing), feed), { message: 'died here' });
    t.equal(await pollLicenceFeed(house, feed), 1, 'read twice');
    t.strictSame(await statusOf(), ['issued', 'held', 'released'], 'and applied once');
    t.equal(await pollLicenceFeed(house, feed), 0);
  }),
);

/** A store whose methods find their own store, one of them replaced. */
function bound<House extends { licences: object }>(house: House): House {
  const { licences } = house;
  const original = Object.getPrototypeOf(licences) as object;
  const proxy = new Proxy(original, {
    get: (target, name) => {
      const own: unknown = Object.getOwnPropertyDescriptor(licences, name)?.value;
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { ...house, licences: proxy };
}

t.test('a forged message of the feed is passed over, and recorded', (t) =>
  onOneService(t, async (t, service) => {
    const registers = await developmentRegisters(t);
    const house = { ...service.house.services.licence, licenceMessages: registers.access.licenceMessages };
    const good = await registers.licences.issue(syntheticDoctor(77), 'suspended');
    const item = { body: Buffer.from(good.message), signature: good.signature };
    const all = [{ ...item, signature: 'a..b' }, item];
    const read = async (after?: string) => ({ items: all.slice(Number(after ?? 0)), next: '2' });
    t.equal(await pollLicenceFeed(house, { read }), 2);
    const rows = await service.house.stores.database.query<{ refusal_code: string }>({
      text: `select refusal_code from audit_event where subject = 'licence-feed'`,
    });
    t.match(rows, [{ refusal_code: 'message-signature-invalid' }]);
    const messages = await service.house.stores.database.query({ text: 'select state from licence_message' });
    t.strictSame(messages, [{ state: 'applied' }]);
  }),
);

t.test('mohr registers', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'in'));
  const roster = join(folder, 'in', 'roster.csv');
  writeFileSync(roster, csvOf([ROW]));
  const { url, printed } = await startRegisters(t, ['--data-dir', folder, '--roster', roster]);
  t.match(printed, /1 persons from the roster/);
  const variables = Object.fromEntries(
    [...printed.matchAll(/(MOHR_[A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  const outcome = readSettings([], variables);
  t.strictSame(outcome.faults, undefined, 'what it prints are settings');
  const jwks = JSON.parse(readFileSync(variables['MOHR_REGISTER_KEYS_FILE'], 'utf8')) as unknown;
  t.notMatch(JSON.stringify(jwks), /"d"/, 'no private key');
  const { registers } = await accessTo(urlsOf(url), jwks);
  const claim = { nationalId: syntheticDoctor(42).nationalId, givenName: 'نام', surname: 'تازه' };
  t.match(await registers['civil-registry'].lookUp(claim, '0190a000-0000-4000-8000-000000000000'), {
    kind: 'found',
  });

  const json = async (method: string, path: string, body?: string, type = 'application/json') => {
    const headers = { 'content-type': type };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const event = JSON.stringify({ nationalId: claim.nationalId, event: 'suspended' });
  t.match(await json('POST', '/development/licence-events', event), { status: 201, body: { item: {} } });
  t.match(await json('GET', '/licence-events'), { status: 200, body: { next: '1' } });
  t.match(await json('POST', '/development/licence-events', event, 'text/plain'), { status: 422 });
  t.match(await json('POST', '/development/licence-events', '{"event":"x"}'), { status: 422 });
  t.match(await json('PUT', '/development/faults', '{"register":"shahkar","fault":{"kind":"fire"}}'), {
    status: 422,
  });
  t.match(await json('PUT', '/development/faults', '{"register":"shahkar","fault":{"kind":"hang"}}'), {
    status: 200,
  });
  t.match(await json('GET', '/development/doctors?from=5'), {
    body: { items: [{ nationalId: syntheticDoctor(5).nationalId }] },
  });
  t.match(await json('POST', '/shahkar', `{"x":"${'x'.repeat(20_000)}"}`), { status: 422 });
  t.match(await json('GET', '/nothing'), { status: 404 });
});

t.test('settings of registers are all real or all synthetic', (t) => {
  const url = 'https://register.example/v1';
  const all = [
    `--council-register-url=${url}`,
    `--civil-registry-url=${url}`,
    `--shahkar-url=${url}`,
    '--register-keys-file=keys.json',
  ];
  t.equal(readSettings(all, {}).faults, undefined);
  t.equal(readSettings([], {}).faults, undefined);
  for (const one of all) t.ok(readSettings([one], {}).faults, `${one} alone`);
  t.ok(readSettings([`--licence-feed-url=${url}`], {}).faults);
  for (const wrong of ['ftp://x', 'nothing', 'https://user:secret@register.example/'])
    t.match(readSettings([...all.slice(1), `--council-register-url=${wrong}`], {}).faults, [
      /^MOHR_COUNCIL_REGISTER_URL/,
    ]);
  t.notMatch(readSettings(['--council-register-url=https://u:secret@x/'], {}).faults, /secret/);
  t.end();
});

async function startRegisters(t: Test, args: string[]): Promise<{ url: string; printed: string }> {
  const child = spawn(process.execPath, [...MOHR, 'registers', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  let printed = '';
  for await (const line of createInterface({ input: child.stdout })) {
    printed += `${line}\n`;
    const url = /ready on (\S+)/.exec(line)?.[1];
    if (url) return { url, printed };
  }
  throw new Error(`it did not start:\n${printed}`);
}
