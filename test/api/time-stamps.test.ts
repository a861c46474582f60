import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { parseCertificate } from '../../pki/certificate.ts';
import { digest, digestOid } from '../../pki/digest-algorithm.ts';
import { CE } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { encodeTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../pki/tsp/time-stamp-response.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const HASH = digest('sha256', Buffer.from('Rp.'));
const QUERY = encodeTimeStampRequest({ digestOid: digestOid('sha256'), hash: HASH, certReq: true });

await onBothServices(t, async (t, service) => {
  const { app, house, clock } = service;

  await t.test('what the route gives, openssl accepts with the root alone', async (t) => {
    const response = await stamp(service, QUERY);
    t.equal(response.statusCode, 200);
    t.equal(response.headers['content-type'], 'application/timestamp-reply');
    t.equal(response.headers['cache-control'], 'no-store');
    const root = house.hierarchy.certificates.get('root')!;
    const cwd = t.testdir({ 'root.pem': encodePem('CERTIFICATE', root.bytes) });
    writeFileSync(join(cwd, 'reply.tsr'), response.rawPayload);
    writeFileSync(join(cwd, 'request.tsq'), QUERY);
    const args = ['ts', '-verify', '-in', 'reply.tsr', '-queryfile', 'request.tsq', '-CAfile', 'root.pem'];
    const at = ['-attime', String(Math.ceil(clock.now().getTime() / 1000))];
    t.match(runOpenssl([...args, ...at], { cwd }).toString(), /Verification: OK/);
  });

  await t.test('the evaluation says in its policy that nobody checks its clock', async (t) => {
    const { info, signedData } = await tokenOf(service);
    t.equal(info.policy, '2.999.364.1.5.2');
    const [purpose] = signedData.certificates.filter(({ extensions }) => extensions.has(CE.extKeyUsage));
    t.equal(purpose.extensions.get(CE.extKeyUsage)?.critical, true);
  });

  await t.test('refuses over HTTP as RFC 3161 has it, and other bodies as HTTP has it', async (t) => {
    const refused = await stamp(service, Buffer.from('please'));
    t.equal(refused.statusCode, 200);
    t.match(parseTimeStampResponse(refused.rawPayload), { failures: ['badDataFormat'] });
    const large = await stamp(service, Buffer.alloc(9_000));
    t.match([large.statusCode, large.json()], [413, { code: 'request-too-large' }]);
    const json = await app.inject({ method: 'POST', url: '/tsa', payload: { hash: 'x' } });
    t.equal(json.statusCode, 415);
  });

  await t.test('one unit is made, and recorded as what it is', async (t) => {
    const units = await unitsOf(service);
    t.equal(units.length, 1);
    const found = await house.stores.database.query<{ profile_id: string; origin: string }>({
      text: "select profile_id, origin from certificate where origin like 'time-stamping-unit:%'",
    });
    t.same(found, [{ profile_id: 'time-stamping', origin: `time-stamping-unit:${units[0].authorityId}` }]);
  });

  await t.test('a unit that is revoked stamps nothing more; another takes its place', async (t) => {
    const [unit] = await unitsOf(service);
    const { serialNumber } = parseCertificate(unit.certificate);
    await house.services.statusChanger.changeStatus(
      {
        authorityId: unit.authorityId,
        serialNumber,
        event: 'revoked',
        reason: 'keyCompromise',
        requestedBy: 'test',
      },
      { kind: 'operator', id: 'test' },
    );
    clock.advanceSeconds(3);
    const { signedData } = await tokenOf(service);
    t.notOk(signedData.certificates.some((one) => one.serialNumber.equals(serialNumber)));
    t.equal((await unitsOf(service)).length, 1);
  });

  await t.test(
    'after a year it stamps with a new key, under a certificate that lasts for five',
    async (t) => {
      const [before] = await unitsOf(service);
      clock.advanceSeconds(365 * 86_400 + 120);
      const { info } = await tokenOf(service);
      const units = await unitsOf(service);
      t.equal(units.length, 2, 'the old one stays valid');
      t.not(units[0].keyReference, before.keyReference);
      t.ok(units[0].notAfter.getTime() - info.genTime.getTime() > 4 * 365 * 86_400_000);
    },
  );

  await t.test('the log tells how many there were, and not what was stamped', async (t) => {
    await house.services.tsa.answer(QUERY);
    await house.close();
    const events = await house.stores.database.query<{ details: Record<string, unknown> }>({
      text: "select details from audit_event where action = 'issue-time-stamps'",
    });
    const total = events.reduce((sum, { details }) => sum + Number(details['count']), 0);
    t.equal(total, 5);
    for (const { details } of events)
      t.same(Object.keys(details).sort(), ['count', 'lastGenTime', 'tokensSha256']);
    t.notMatch(JSON.stringify(events), HASH.toString('hex'));
  });
});

function stamp({ app }: TestService, payload: Buffer) {
  const headers = { 'content-type': 'application/timestamp-query' };
  return app.inject({ method: 'POST', url: '/tsa', headers, payload });
}

async function tokenOf(service: TestService) {
  const response = parseTimeStampResponse((await stamp(service, QUERY)).rawPayload);
  if (response.status !== 'granted') throw new Error(response.texts.join());
  return parseTimeStampToken(response.token);
}

function unitsOf({ house, clock }: TestService) {
  const { database, timeStampingUnits } = house.stores;
  return database.transaction((tx) => timeStampingUnits.list(tx, clock.now()));
}
