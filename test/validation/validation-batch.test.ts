import type { AddressInfo } from 'node:net';
import { request as httpRequest } from 'node:http';

import t from 'tap';
import type { Test } from 'tap';

import { signCades } from '../../signing/cades/sign-cades.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

interface Result {
  reference: string;
  indication?: string;
  subIndication?: string;
  error?: { code: string };
}

const PATH = '/api/v1/validation-batches';

t.test('batches of validations', async (t) => {
  await onBothServices(t, async (t, service) => {
    const doctor = await issueDoctor(service);
    const system = await PrescriptionSystem.register(service, { id: 'insurer-1' });
    await t.test('a line for each, in their order, as /validations answers', (t) =>
      order(t, service, { doctor, system }),
    );
    await t.test('a status that changes shows in the next line', (t) =>
      changes(t, service, { doctor, system }),
    );
    await t.test('a line that cannot be read is a result, and the others go on', (t) =>
      broken(t, service, { doctor, system }),
    );
    await t.test('only relying parties, and one batch of each at a time', (t) =>
      access(t, service, { system }),
    );
  });
});

interface Parties {
  doctor: IssuedDoctor;
  system: PrescriptionSystem;
}

async function order(t: Test, service: TestService, { doctor, system }: Parties): Promise<void> {
  const documents = await Promise.all(
    Array.from({ length: 300 }, (_, index) => sign(service, doctor, `Rp. ${index}`)),
  );
  const forged = Buffer.from(documents[7]);
  forged[forged.length - 5] ^= 1;
  documents[7] = forged;
  const lines = documents.map((signature, index) => ({
    reference: `no ${index}`,
    signature: signature.toString('base64'),
  }));
  const { status, headers, results } = await post(service, system, lines);
  t.equal(status, 200);
  t.match(headers, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  t.strictSame(
    results.map(({ reference }) => reference),
    lines.map(({ reference }) => reference),
  );
  for (const index of [0, 7, 299]) {
    const alone = await service.app.inject({
      method: 'POST',
      url: '/api/v1/validations',
      payload: { signature: lines[index].signature },
    });
    const { validatedAt, proofOfExistence, signatures, ...more } = alone.json<
      Record<string, unknown> & { signatures: Record<string, unknown>[] }
    >();
    // Without a receipt or a time stamp each is proven to exist when it is validated, and not at one moment.
    const report = {
      ...more,
      signatures: signatures.map(({ bestSignatureTime, ...rest }) => {
        t.match(bestSignatureTime, { source: 'validation-time' });
        return rest;
      }),
    };
    t.match(
      results[index],
      report,
      `no ${index}, as alone at ${JSON.stringify({ validatedAt, proofOfExistence })}`,
    );
  }
  t.equal(results.filter(({ indication }) => indication === 'TOTAL-FAILED').length, 1);
}

async function changes(t: Test, service: TestService, { doctor, system }: Parties): Promise<void> {
  const signature = (await sign(service, doctor, 'Rp.')).toString('base64');
  const validate = async () => (await post(service, system, [{ reference: 'a', signature }])).results[0];
  const before = await validate();
  t.not(before.subIndication, 'REVOKED_NO_POE');
  const cookie = await service.cookieOf('clerk');
  const url = `${doctor.path}/hold`;
  const held = await service.app.inject({ method: 'POST', url, headers: { cookie }, payload: {} });
  t.equal(held.statusCode < 300, true, held.body);
  t.match(
    await validate(),
    { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' },
    'no memory is older than the status',
  );
}

async function broken(t: Test, service: TestService, { doctor, system }: Parties): Promise<void> {
  const signature = (await sign(service, doctor, 'Rp.')).toString('base64');
  const good = JSON.stringify({ reference: 'good', signature });
  const lines = [
    good,
    'no JSON',
    '{"reference":"without"}',
    JSON.stringify({ reference: 'extra', signature, more: 1 }),
    JSON.stringify({ reference: 'late', signature, receivedAt: '2999-01-01T00:00:00Z' }),
    JSON.stringify({ reference: 'none', signature: 'AAAA' }),
    '',
    `{"reference":"long","signature":"${'A'.repeat(12_100_000)}"}`,
    '["a"]',
    good,
  ];
  const { results } = await postText(service, system, lines.join('\n'));
  t.match(results, [
    { reference: 'good', indication: String },
    { reference: 'line:2', error: { code: 'batch-line-malformed' } },
    { reference: 'line:3', error: { code: 'batch-line-malformed' } },
    { reference: 'line:4', error: { code: 'batch-line-malformed' } },
    { reference: 'late', error: { code: 'received-at-in-future' } },
    { reference: 'none', error: { code: 'cms-malformed' } },
    { reference: 'line:8', error: { code: 'batch-line-malformed' } },
    { reference: 'line:9', error: { code: 'batch-line-malformed' } },
    { reference: 'good', indication: String },
  ]);
  t.equal(results.length, 9, 'the empty line is none');
  t.strictSame((await postText(service, system, '')).results, []);
}

async function access(t: Test, service: TestService, { system }: Pick<Parties, 'system'>): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson' };
  t.equal((await service.app.inject({ method: 'POST', url: PATH, headers, payload: '' })).statusCode, 401);
  const authorized = { ...headers, ...system.headers };
  const json = await service.app.inject({
    method: 'POST',
    url: PATH,
    headers: { ...authorized, 'content-type': 'application/json' },
    payload: '{}',
  });
  t.equal(json.statusCode, 415);
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as AddressInfo;
  const send = () =>
    httpRequest({ port, host: '127.0.0.1', method: 'POST', path: PATH, headers: authorized });
  const first = send();
  first.on('error', () => undefined);
  // Headers and a first line are there, the body's end is not.
  const written = new Promise((resolve) => first.write('no JSON\n'.repeat(200), resolve));
  await written;
  await new Promise((resolve) => first.once('response', resolve));
  const status = () =>
    new Promise<number>((resolve, reject) => {
      const second = send();
      second.on('error', reject);
      second.once('response', (response) => {
        response.resume().once('end', () => resolve(response.statusCode!));
      });
      second.end('');
    });
  t.equal(await status(), 429, 'while another one is under way');
  first.destroy();
  let last = 429;
  for (let attempt = 0; last === 429 && attempt < 100; attempt += 1) last = await status();
  t.equal(last, 200, 'a caller who is gone is in nobody’s way');
}

function sign(service: TestService, { signer, certificate }: IssuedDoctor, text: string): Promise<Buffer> {
  return signCades({ content: Buffer.from(text), signer, certificate, signingTime: service.clock.now() });
}

function post(service: TestService, system: PrescriptionSystem, lines: readonly object[]) {
  return postText(service, system, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

async function postText(service: TestService, system: PrescriptionSystem, payload: string) {
  const headers = { 'content-type': 'application/x-ndjson', ...system.headers };
  const response = await service.app.inject({ method: 'POST', url: PATH, headers, payload });
  const lines = response.body.split('\n').filter((line) => line !== '');
  const results = lines.map((line) => JSON.parse(line) as Result);
  return { status: response.statusCode, headers: response.headers, results };
}
