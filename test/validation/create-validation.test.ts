import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { RouteOptions } from 'fastify';
import t from 'tap';

import { answerErrors } from '../../api/answer-errors.ts';
import type { ApiServices } from '../../api/api-services.ts';
import { createValidation } from '../../api/validations/create-validation.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';

const content = Buffer.from('Rp. Salbutamol');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const signing = { content, signer: doctor.signer, certificate: doctor.certificate, signingTime: NOON };
const signature = await signCades(signing);
const detached = await signCades({ ...signing, detached: true });

const routes: RouteOptions[] = [];
const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
app.addHook('onRoute', (route) => void routes.push(route));
// Nobody is signed in, so that no refusal is recorded.
answerErrors(app, {} as ApiServices);
createValidation(app, { validate: ({ signature: bytes, ...rest }) => deployment.validate(bytes, rest) });
t.teardown(() => app.close());

const post = (payload: object) => app.inject({ method: 'POST', url: '/validations', payload });

t.test('answers with the whole report', async (t) => {
  deployment.record(doctor.certificate, { event: 'held', effectiveAt: NOON, reason: 'certificateHold' });
  t.teardown(() => deployment.record(doctor.certificate, { event: 'released', effectiveAt: NOON }));
  const receivedAt = '2026-06-15T15:29:59+03:30';
  for (const request of [{ receivedAt }, {}]) {
    const response = await post({ signature: signature.toString('base64'), ...request });
    t.equal(response.statusCode, 200);
    t.equal(response.headers['cache-control'], 'no-store');
    const options = 'receivedAt' in request ? { receivedAt: new Date(receivedAt) } : {};
    const report = await deployment.validate(signature, options);
    t.same(response.json(), JSON.parse(JSON.stringify(report)), 'no field is lost on the way out');
  }
});

t.test('takes a detached signature with its content, in lines of base64', async (t) => {
  const lines = detached.toString('base64').replace(/.{64}/g, '$&\n');
  const response = await post({ signature: lines, content: content.toString('base64') });
  t.match(response.json(), { indication: 'TOTAL-PASSED', signatures: [{ packaging: 'detached' }] });
});

t.test('takes the content by its name', async (t) => {
  const contents = [{ name: 'prescription.json', content: content.toString('base64') }];
  const response = await post({ signature: detached.toString('base64'), contents });
  t.match(response.json(), { indication: 'TOTAL-PASSED', signatures: [{ packaging: 'detached' }] });
  const two = [...contents, { name: 'another.json', content: content.toString('base64') }];
  const ambiguous = await post({ signature: detached.toString('base64'), contents: two });
  t.match(ambiguous.json(), { subIndication: 'SIGNED_DATA_NOT_FOUND' }, 'CMS refers to no names');
});

t.test('refuses what is not as the schema says', async (t) => {
  const good = signature.toString('base64');
  const bad = [
    {},
    { signature: '' },
    { signature: 'no base64!' },
    { signature: good, receivedAt: 'yesterday' },
  ];
  for (const payload of bad)
    t.equal((await post(payload)).statusCode, 400, JSON.stringify(payload).slice(0, 80));
  t.equal((await post({ signature: 'A'.repeat(6_000_001) })).statusCode, 400, 'too long a signature');
  t.equal(
    (await post({ signature: good, content: 'A'.repeat(12_100_000) })).statusCode,
    413,
    'too long a body',
  );
});

t.test('answers refusals of the engine as problems', async (t) => {
  const good = signature.toString('base64');
  t.match((await post({ signature: content.toString('base64') })).json(), {
    status: 422,
    code: 'cms-malformed',
  });
  const later = new Date(NOON.getTime() + 1).toISOString();
  t.match((await post({ signature: good, receivedAt: later })).json(), { code: 'received-at-in-future' });
  const leapSecond = await post({ signature: good, receivedAt: '2016-12-31T23:59:60Z' });
  t.match(leapSecond.json(), { code: 'received-at-malformed' });
});

t.test('declares itself public', async (t) => {
  t.match(routes.find(({ url }) => url === '/validations')?.config, { access: 'public' });
});
