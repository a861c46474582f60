import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import t from 'tap';

import { isPublicAddress } from '../../messages/public-address.ts';
import { onlyTo } from '../../messages/guarded-lookup.ts';
import { openHttpCallbackSender } from '../../messages/http-callback.ts';
import { openSmsGateway } from '../../messages/http-sms-gateway.ts';
import { openWebPushSender } from '../../messages/web-push-sender.ts';
import type { ExchangeFault } from '../../registers/exchange.ts';
import { openExchange } from '../../registers/exchange.ts';
import { assertCallbackUrls } from '../../signing/relying-parties/callback-url.ts';
import { isAllowedEndpoint } from '../../signing/push/push-hosts.ts';
import { encodeNoteKey, noteKeyOf } from '../../audit/note/note-key.ts';
import { HttpTimeStamper } from '../../cli/augmentation/http-time-stamper.ts';
import { readWitnesses } from '../../cli/transparency/http-witness.ts';
import { ed25519Signer } from '../support/memory-witness.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// What somebody makes the service call, and what a machine that is called makes of it (SSRF). The addresses in foreign certificates
// (CRL, OCSP) have a test of their own: test/validation/fetched-revocation.test.ts.

/** Of this machine, of this network, of nobody, or of an IPv4 address in the clothes of IPv6. */
const WITHIN = [
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.0.0.1', '100.64.0.1', '169.254.169.254', '172.16.0.1'],
  ...['192.168.0.1', '192.0.0.192', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe'],
  ...['::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::1', '2001::1', '100::1'],
];

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let answer: Answer = (_request, response) => response.writeHead(204).end();
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  request.resume().on('end', () => answer(request, response));
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
t.teardown(() => {
  server.close();
  server.closeAllConnections();
});
t.beforeEach(() => void (asked.length = 0));
const { port } = server.address() as AddressInfo;
const base = `http://127.0.0.1:${port}`;

t.test('an address that is not somebody’s on the Internet is none to be called', (t) => {
  for (const address of WITHIN) t.notOk(isPublicAddress(address), address);
  t.end();
});

t.test('a name is resolved once, and only its public addresses are called', async (t) => {
  const resolve = (name: string, all: boolean) =>
    new Promise((settle) => {
      onlyTo(isPublicAddress)(name, { all }, (error, found) => settle(error ? 'refused' : found));
    });
  t.equal(await resolve('localhost', true), 'refused');
  t.equal(await resolve('localhost', false), 'refused');
  const loopback = await new Promise((settle) => {
    onlyTo((address) => address === '127.0.0.1')('localhost', { all: false }, (_error, found) =>
      settle(found),
    );
  });
  t.equal(loopback, '127.0.0.1', 'and the connection gets the very address that was looked at');
});

t.test('a callback leads to no machine behind the service', async (t) => {
  const sender = openHttpCallbackSender();
  for (const address of WITHIN) {
    const host = address.includes(':') ? `[${address}]` : address;
    if (address === '127.0.0.1' || address === '::1') continue;
    await t.rejects(
      sender.post(`https://${host}:${port}/`, 'token'),
      /network that is not to be called/,
      address,
    );
  }
  // Another spelling of 127.0.0.1; whoever parses it gives the usual one.
  for (const host of ['2130706433', '0x7f.1', '0177.0.0.1', '127.1'])
    t.throws(() => assertCallbackUrls([`https://${host}/`]), { code: 'callback-url-malformed' }, host);
  for (const url of [
    'gopher://a/',
    'file:///etc/passwd',
    'ftp://a/',
    'http://a/',
    'https://u:p@a/',
    'https://a/#b',
  ])
    t.throws(() => assertCallbackUrls([url]), { code: 'callback-url-malformed' }, url);
  const named = openHttpCallbackSender({ networks: ['10.1.0.0/16', 'fd00::/8', '127.0.0.2'] });
  answer = (_request, response) => response.writeHead(204).end();
  await named.post(`http://127.0.0.2:${port}/`, 'token').then(
    () => t.pass('a network that the deployment names is called'),
    (error: NodeJS.ErrnoException) => t.equal(error.code, 'ECONNREFUSED', 'or nobody listens there'),
  );
  await t.rejects(named.post(`http://127.0.0.3:${port}/`, 'token'), /not to be called/, 'and no other');
});

t.test('a callback follows nothing, and reads nothing', async (t) => {
  const sender = openHttpCallbackSender();
  answer = (_request, response) => response.writeHead(307, { location: `${base}/elsewhere` }).end();
  await t.rejects(sender.post(`${base}/redirect`, 'token'), /answered by 307/);
  answer = (_request, response) => {
    response.writeHead(200);
    const more = () =>
      response.destroyed || void (response.write(Buffer.alloc(65_536)) && setImmediate(more));
    more();
  };
  await sender.post(`${base}/endless`, 'token');
  answer = (_request, response) => response.destroy();
  await t.rejects(sender.post(`${base}/broken`, 'token'));
  t.strictSame(asked, ['POST /redirect', 'POST /endless', 'POST /broken']);
});

t.test('a push service is one that the deployment names, and not this machine under its name', async (t) => {
  const patterns = ['fcm.googleapis.com', '*.push.apple.com', 'localhost:8443'];
  const refused = [
    ...WITHIN.map((address) => `https://${address.includes(':') ? `[${address}]` : address}/`),
    'http://fcm.googleapis.com/',
    'https://fcm.googleapis.com.elsewhere.test/',
    'https://fcm.googleapis.com:8443/',
    'https://fcm.googleapis.com@127.0.0.1/',
    'https://u:p@fcm.googleapis.com/',
    'https://push.apple.com.elsewhere.test/',
    'https://elsewhere.test/?.push.apple.com',
    'https://elsewhere.test/#.push.apple.com',
    'https://push.apple.com/',
    'https://xpush.apple.com/',
    'https://localhost/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '',
  ];
  for (const endpoint of refused) t.notOk(isAllowedEndpoint(endpoint, patterns), endpoint);
  t.ok(isAllowedEndpoint('https://web.push.apple.com/x', patterns));
  const sender = openWebPushSender();
  const message = {
    endpoint: `https://localhost:${port}/`,
    p256dh: Buffer.from(
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      'base64url',
    ),
    authSecret: Buffer.alloc(16, 1),
    payload: Buffer.from('{}'),
    authorization: 'vapid t=a, k=b',
    ttlSeconds: 60,
  };
  t.match(await sender.send(message), { kind: 'later' });
  t.strictSame(asked, [], 'nothing was sent to a name that stands for this machine');
  sender.close();
});

t.test(
  'a witness is asked where the list says, follows nobody elsewhere, and is not read for ever',
  async (t) => {
    const list = join(temporaryFolder(t), 'witnesses');
    const key = noteKeyOf(ed25519Signer(), 'witness.test', 'cosignature');
    const listed = (url: string) => {
      writeFileSync(list, `${encodeNoteKey(key)} ${url}\n`);
      return readWitnesses(list);
    };
    for (const url of [
      'file:///etc/passwd',
      'ftp://a/',
      'data:text/plain,1',
      'gopher://a/',
      'http://u:p@a/',
      'http://a/?b',
      'http://a/#b',
      'a',
    ])
      await t.rejects(listed(url), { code: 'witness-list' }, url);
    const [witness] = await listed(`${base}/witness/`);
    const shown = () =>
      witness
        .add({ oldSize: 0, proof: [], note: 'a checkpoint\n' })
        .catch((error: { code: string }) => error.code);
    answer = (_request, response) => response.writeHead(307, { location: `${base}/elsewhere` }).end();
    t.equal(await shown(), 'witness-unreachable');
    const endless = (status: number) => (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(status);
      const more = () =>
        response.destroyed || void (response.write(Buffer.alloc(65_536, '1')) && setImmediate(more));
      more();
    };
    answer = endless(200);
    t.equal(await shown(), 'witness-unreachable');
    answer = endless(409);
    t.equal(await shown(), 'witness-unreachable');
    answer = (_request, response) => response.writeHead(409).end('1e9\n');
    t.equal(await shown(), 'witness-refused', 'a size is digits');
    answer = (_request, response) => response.writeHead(200).end('nothing signed\n');
    t.equal(await shown(), 'note-malformed');
    t.strictSame([...new Set(asked)], ['POST /witness/add-checkpoint']);
  },
);

t.test('registers, gateway and time stamper get no further than the address that was entered', async (t) => {
  const exchange = () =>
    openExchange({
      url: `${base}/register`,
      token: 'a-secret',
      attemptMilliseconds: 500,
      retriesMax: 0,
      answerOctetsMax: 1_000,
    });
  const fault = async () =>
    exchange()
      .ask({ body: {} })
      .then(String, (error: unknown) => (error as ExchangeFault).fault);
  answer = (_request, response) => response.writeHead(302, { location: `${base}/elsewhere` }).end();
  t.equal(await fault(), 'request-refused');
  t.equal(
    await openSmsGateway({ url: `${base}/sms`, attemptsMax: 1 })
      .send({ id: '1', to: '09990000001', text: 'x' } as never)
      .catch(() => 'not taken'),
    'not taken',
  );
  await t.rejects(new HttpTimeStamper(`${base}/tsa`).stamp('sha256', Buffer.alloc(32)), {
    code: 'time-stamp-missing',
  });
  answer = (_request, response) => void response.writeHead(200).end(Buffer.alloc(100_000, 'a'));
  t.equal(await fault(), 'answer-too-large');
  await t.rejects(new HttpTimeStamper(`${base}/tsa`).stamp('sha256', Buffer.alloc(32)), {
    code: 'time-stamp-missing',
  });
  const { gzipSync } = await import('node:zlib');
  const bomb = gzipSync(Buffer.alloc(5_000_000));
  answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  t.equal(await fault(), 'answer-too-large', `${bomb.length} octets that become five million`);
  answer = () => undefined;
  t.equal(await fault(), 'timeout');
  t.notOk(asked.some((one) => one.includes('elsewhere')));
});
