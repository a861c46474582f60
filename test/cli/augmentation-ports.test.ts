import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import t from 'tap';
import type { Test } from 'tap';

import { HttpTimeStamper } from '../../cli/augmentation/http-time-stamper.ts';
import { PathMaterialSource } from '../../cli/augmentation/path-material-source.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { encodeTimeStampRequest, parseTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { fixtureAuthority } from '../support/fixture-authority.ts';
import { FixtureDeployment } from '../support/fixture-deployment.ts';

const HASH = digest('sha256', Buffer.from('a signature value'));
const { authority, time } = await fixtureAuthority();

/** A time-stamping authority over HTTP that answers with what is made of the request. */
async function serve(t: Test, answer: (request: Buffer) => Promise<Buffer>, status = 200): Promise<string> {
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void answer(Buffer.concat(chunks)).then((body) => {
        response.writeHead(status, { 'content-type': 'application/timestamp-reply' });
        response.end(body);
      });
    });
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`;
}

const granted = async (request: Buffer) => (await authority.answer(request)).body;

t.test('asks an authority over HTTP, with a nonce and for its certificate', async (t) => {
  let asked: Buffer = Buffer.alloc(0);
  const url = await serve(t, (request) => granted((asked = request)));
  const token = parseTimeStampToken(await new HttpTimeStamper(url).stamp('sha256', HASH));
  t.same(token.info.hash, HASH);
  const { nonce, certReq } = parseTimeStampRequest(asked);
  t.equal(nonce?.length, 8);
  t.equal(certReq, true);
  t.equal(token.signedData.certificates.length, 1);
});

t.test('believes nothing else', async (t) => {
  const withOtherNonce = (request: Buffer) =>
    granted(encodeTimeStampRequest({ ...parseTimeStampRequest(request), nonce: Buffer.from([1]) }));
  const cases: [string, (request: Buffer) => Promise<Buffer>, number?][] = [
    ['another nonce', withOtherNonce],
    ['a refusal', async () => granted(Buffer.alloc(0))],
    ['no response', async () => Buffer.from('<html>')],
    ['an error', granted, 503],
    ['too much', async () => Buffer.alloc(2_000_000)],
  ];
  for (const [name, answer, status] of cases) {
    const stamper = new HttpTimeStamper(await serve(t, answer, status));
    await t.rejects(stamper.stamp('sha256', HASH), { code: 'time-stamp-missing' }, name);
  }
  const nobody = new HttpTimeStamper('http://127.0.0.1:1/tsa');
  await t.rejects(nobody.stamp('sha256', HASH), { code: 'time-stamp-missing' });
});

t.test('what a clock refuses is told as such', async (t) => {
  const url = await serve(t, granted);
  time.state = { synchronised: false, reason: 'chronyd does not answer' };
  time.advance(10_000);
  await t.rejects(new HttpTimeStamper(url).stamp('sha256', HASH), { message: /timeNotAvailable/ });
});

t.test('material is complete, or there is none', async (t) => {
  const deployment = await FixtureDeployment.create();
  const stranger = await (await FixtureDeployment.create()).issue();
  const { certificate } = await deployment.issue();
  const { clock, trust } = deployment;
  const silent = new PathMaterialSource({ clock, trust, source: undefined });
  await t.rejects(silent.materialFor([stranger.certificate], []), {
    code: 'validation-material-missing',
    message: /anchor|chain|issuer/i,
  });
  await t.rejects(silent.materialFor([certificate], []), {
    code: 'validation-material-missing',
    message: /status/,
  });
  const garbage = async () => ({ kind: 'ocsp-response' as const, bytes: Buffer.from('no response') });
  const believing = new PathMaterialSource({ clock, trust, source: undefined, ownStatus: garbage });
  await t.rejects(believing.materialFor([certificate], []), { code: 'validation-material-missing' });
});
