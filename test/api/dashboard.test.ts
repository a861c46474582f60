import t from 'tap';

import { OcspRate } from '../../api/dashboard/ocsp-rate.ts';
import { OcspCounts } from '../../api/ocsp-front/ocsp-counts.ts';
import { ManualClock } from '../../core/clock.ts';
import { tehranCivilDate } from '../../core/jalali.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { onBothServices } from '../support/test-service.ts';

interface Dashboard {
  issuancePerDay: { day: string; count: number }[];
  expiriesAhead: { day: string; count: number }[];
  onHold: number;
  holdsPerDay: { count: number }[];
  revocationsPerDay: { reason: string; count: number }[];
  applicationsByState: { state: string; count: number }[];
  ocsp: { answers: number; confirmedAgeSeconds: number };
  crls: { authority: string; scope: string; ageSeconds: number }[];
  registers: { register: string; lastResult: string; circuit: string; lastDay: { MATCH: number } }[];
}

t.test('the dashboard', async (t) => {
  await onBothServices(t, async (t, service) => {
    const read = async (role: 'auditor' | 'office-manager' | 'clerk') => {
      const headers = { cookie: await service.cookieOf(role) };
      const answer = await service.app.inject({ url: '/api/v1/dashboard', headers });
      return { status: answer.statusCode, body: answer.json<Dashboard>() };
    };
    const [first, second] = [await issueDoctor(service), await issueDoctor(service)];
    const clerk = { cookie: await service.cookieOf('clerk') };
    for (const { path } of [first, second])
      await service.app.inject({ method: 'POST', url: `${path}/hold`, headers: clerk, payload: {} });
    await service.app.inject({
      method: 'POST',
      url: `${first.path}/revoke`,
      headers: { cookie: await service.cookieOf('ca-operator') },
      payload: { reason: 'keyCompromise' },
    });
    const { status, body } = await read('auditor');
    t.equal(status, 200);
    t.equal(
      body.issuancePerDay.reduce((sum, { count }) => sum + count, 0),
      2,
    );
    const { year, month, day } = tehranCivilDate(service.clock.now());
    const today = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
    t.equal(body.issuancePerDay.at(-1)?.day, today, 'days are those of Tehran');
    t.match(body.revocationsPerDay, [{ reason: 'keyCompromise', count: 1 }]);
    t.equal(
      body.expiriesAhead.reduce((sum, { count }) => sum + count, 0),
      1,
      'the revoked one is not ahead',
    );
    t.match(body.holdsPerDay, [{ count: 2 }]);
    t.equal(body.onHold, 1, 'what was revoked is on hold no more');
    t.match(body.applicationsByState, [{ state: 'issued', count: 2 }]);
    t.ok(body.crls.some(({ authority, scope }) => authority === 'bronze' && scope === 'complete'));
    t.match(
      body.registers.find(({ register }) => register === 'civil-registry'),
      { lastResult: 'MATCH', circuit: 'closed', lastDay: { MATCH: 2 } },
    );
    t.ok(body.ocsp.confirmedAgeSeconds >= 0);

    await issueDoctor(service);
    t.equal((await read('auditor')).body.issuancePerDay.at(-1)?.count, 2, 'kept for a minute');
    service.clock.advanceSeconds(60);
    t.equal(
      (await read('auditor')).body.issuancePerDay.reduce((sum, { count }) => sum + count, 0),
      3,
    );
    t.equal(
      (await read('office-manager')).body.applicationsByState[0].count,
      3,
      'a manager sees their office',
    );
    t.equal((await read('clerk')).status, 403);
  });
});

t.test('OCSP answers a second, in each minute of the last hour', (t) => {
  const clock = new ManualClock(new Date('2026-11-26T08:00:00Z'));
  const rate = new OcspRate(clock);
  rate.counts = new OcspCounts();
  t.match(rate.read(), { answers: 0, perSecond: 0, lastHour: [{ perSecond: 0 }] });
  for (let minute = 1; minute <= 70; minute += 1) {
    clock.advanceSeconds(60);
    rate.counts.again += minute === 70 ? 600 : 60;
    rate.sample();
  }
  clock.advanceSeconds(30);
  rate.counts.again += 15;
  const { answers, perSecond, lastHour } = rate.read();
  t.equal(answers, 69 * 60 + 600 + 15);
  t.equal(perSecond, Math.round(((3 * 60 + 600 + 15) / 270) * 100) / 100, 'of the last minutes');
  t.equal(lastHour.length, 61);
  t.strictSame(lastHour.at(-2), { at: '2026-11-26T09:10:00.000Z', perSecond: 10 });
  t.equal(lastHour.at(-1)?.perSecond, 0.5, 'of the minute that is under way');
  t.equal(lastHour[0].perSecond, 1);
  t.end();
});
