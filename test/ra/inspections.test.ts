import t from 'tap';
import type { Test } from 'tap';

import { formatJalali, tehranCivilDate, tehranMidnight } from '../../core/jalali.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { drawSample } from '../../ra/inspections/draw-sample.ts';
import type { Role } from '../../ra/officer.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

t.test('a day of Tehran begins where its calendar says', async (t) => {
  t.equal(tehranMidnight({ year: 2026, month: 7, day: 1 }).toISOString(), '2026-06-30T20:30:00.000Z');
  t.equal(tehranMidnight({ year: 2020, month: 7, day: 1 }).toISOString(), '2020-06-30T19:30:00.000Z');
  for (const day of [21, 22, 23])
    t.match(
      tehranCivilDate(tehranMidnight({ year: 2021, month: 3, day })),
      { day },
      'where clocks changed too',
    );
});

t.test('a draw can be repeated, and forces revoked ones in', async (t) => {
  const population = Array.from({ length: 200 }, (_, index) => ({
    applicationId: `application-${String(index).padStart(3, '0')}` as ApplicationId,
    wasRevoked: index % 50 === 0,
  }));
  const [seed, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const drawn = drawSample(population, seed, 20);
  t.strictSame(drawSample(population, seed, 20), drawn);
  t.strictSame(drawSample([...population].reverse(), seed, 20), drawn, 'in whatever order they come');
  t.notSame(drawSample(population, other, 20), drawn);
  t.equal(new Set(drawn.map(({ applicationId }) => applicationId)).size, 20);
  t.ok(drawn.filter(({ wasRevoked }) => wasRevoked).length >= 4, 'a fifth, as there are four');
  t.equal(drawSample(population, seed, 500).length, 200, 'no more than there are');
  t.strictSame(drawSample([], seed, 5), []);
});

t.test('inspections', async (t) => {
  await onBothServices(t, (t, service) => inspection(t, service));
});

async function inspection(t: Test, service: TestService): Promise<void> {
  const ask = async (role: Role, method: 'GET' | 'POST', url: string, payload?: object) => {
    const headers = { cookie: await service.cookieOf(role) };
    const answer = await service.app.inject({ method, url: `/api/v1${url}`, headers, payload });
    const body = answer.body === '' ? {} : answer.json<Record<string, never>>();
    return { status: answer.statusCode, body: body as unknown as Body };
  };
  const doctors = [];
  for (let index = 0; index < 4; index += 1) doctors.push(await issueDoctor(service));
  const revoked = doctors[2];
  await ask('ca-operator', 'POST', `${revoked.path.slice('/api/v1'.length)}/revoke`, {
    reason: 'superseded',
  });
  service.clock.advanceSeconds(5);
  const officer = await ask('auditor', 'GET', '/sessions/current');
  const officeId = officer.body.officeId;
  const today = formatJalali(service.clock.now());
  const input = { officeId, from: today, to: today, sampleSize: 2, dueOn: today };
  const opened = await ask('auditor', 'POST', '/inspections', input);
  t.equal(opened.status, 201, JSON.stringify(opened.body));
  t.match(opened.body, { population: 4, sampleSize: 2, seed: /^[0-9a-f]{64}$/ });
  const path = `/inspections/${opened.body.id}`;
  const file = (await ask('security-officer', 'GET', path)).body;
  t.equal(file.isReproducible, true);
  t.equal(file.cases.length, 2);
  t.match(file.cases[0], { applicationId: revoked.applicationId, wasRevoked: true }, 'the revoked one is in');

  // What happens after the draw does not change it.
  const other = doctors.find(({ applicationId }) => applicationId === file.cases[1].applicationId)!;
  service.clock.advanceSeconds(5);
  await ask('ca-operator', 'POST', `${other.path.slice('/api/v1'.length)}/revoke`, { reason: 'superseded' });
  t.equal((await ask('auditor', 'GET', path)).body.isReproducible, true);

  const code = async (...asked: Parameters<typeof ask>) => {
    const { status, body } = await ask(...asked);
    return [status, body.code];
  };
  t.strictSame(await code('clerk', 'POST', '/inspections', input), [403, 'role-missing']);
  const bad: [object, number, string][] = [
    [{ officeId: '0190a000-0000-7000-8000-000000000000' }, 404, 'office-unknown'],
    [{ from: '14040101', to: '14031229' }, 422, 'inspection-period'],
    [{ dueOn: '14040101' }, 422, 'inspection-period'],
    [{ from: '13900101', to: '13900131' }, 422, 'inspection-empty'],
    [{ from: '14041331' }, 422, 'jalali-date-malformed'],
  ];
  for (const [wrong, status, expected] of bad)
    t.strictSame(await code('auditor', 'POST', '/inspections', { ...input, ...wrong }), [status, expected]);

  const finding = { severity: 'major', text: 'فرم امضا ندارد', applicationId: revoked.applicationId };
  const stranger = doctors.find(
    ({ applicationId }) => !file.cases.some((one) => one.applicationId === applicationId),
  )!;
  t.strictSame(
    await code('auditor', 'POST', `${path}/findings`, { ...finding, applicationId: stranger.applicationId }),
    [422, 'inspection-case-unknown'],
  );
  t.equal((await ask('auditor', 'POST', `${path}/findings`, finding)).status, 201);
  t.strictSame(await code('auditor', 'POST', `${path}/close`, { outcome: 'passed' }), [
    422,
    'inspection-outcome',
  ]);
  t.equal((await ask('auditor', 'POST', `${path}/close`, { outcome: 'failed' })).status, 204);
  t.strictSame(await code('auditor', 'POST', `${path}/close`, { outcome: 'failed' }), [
    409,
    'inspection-closed',
  ]);
  t.strictSame(await code('auditor', 'POST', `${path}/findings`, finding), [409, 'inspection-closed']);
  t.match((await ask('office-manager', 'GET', path)).body, {
    outcome: 'failed',
    findings: [{ severity: 'major' }],
  });
  t.match((await ask('office-manager', 'GET', '/inspections')).body, { items: [{ id: opened.body.id }] });
  const { database } = service.house.stores;
  await t.rejects(
    database.query({ text: `update inspection_case set position = position + 10` }),
    /append-only/,
  );
  await t.rejects(
    database.query({
      text: `insert into inspection_finding (id, inspection_id, severity, text, recorded_by, recorded_at)
        select gen_random_uuid(), id, 'note', 'late', opened_by, now() from inspection`,
    }),
    /closed/,
  );
}

interface Body {
  id: string;
  code: string;
  officeId: string;
  isReproducible: boolean;
  cases: { applicationId: string; wasRevoked: boolean }[];
}
