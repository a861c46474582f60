import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import t from 'tap';

import { applicationBody } from '../support/applications.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const BOUNDARY = 'between-parts';
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="scan.pdf"\r\nContent-Type: application/pdf\r\n\r\n`;
const TAIL = `\r\n--${BOUNDARY}--\r\n`;
/** What 1 Mbit/s carries in half a minute. */
const WINDOW_OCTETS = 3_750_000;
const SCAN_OCTETS = 10 * 1024 * 1024;

await onOneService(t, async (t, service) => {
  // The service's half minutes pass when the test says so; the sockets are real.
  mock.timers.enable({ apis: ['setInterval'] });
  t.teardown(() => mock.timers.reset());
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const cookie = await service.cookieOf('clerk');
  const path = await evidencePath(service, cookie);

  await t.test('a scan of 10 MiB comes over 1 Mbit/s', async (t) => {
    const { line, incoming } = await begin(service, path, { cookie, octets: SCAN_OCTETS });
    const scan = scanOf(SCAN_OCTETS);
    let windows = 0;
    for (let at = 0; at < scan.length; at += WINDOW_OCTETS) {
      await send(line, incoming, scan.subarray(at, at + WINDOW_OCTETS));
      if (at + WINDOW_OCTETS < scan.length) halfMinute();
      windows += 1;
    }
    t.equal(windows, 3, 'it takes more than the half minute that others have');
    line.write(TAIL);
    t.match(await answerOn(line), /^HTTP\/1\.1 201 /);
    line.destroy();
  });

  await t.test('an upload that trickles is refused', async (t) => {
    const { line, incoming } = await begin(service, path, { cookie, octets: SCAN_OCTETS });
    await send(line, incoming, scanOf(WINDOW_OCTETS));
    halfMinute();
    t.notOk(incoming.destroyed, 'it came as it should until now');
    await send(line, incoming, Buffer.alloc(16));
    halfMinute();
    t.match(await answerOn(line), /^HTTP\/1\.1 408 [^]*"request-timeout"/);
    await closed(line);
  });

  await t.test('one octet less than 128 kbit/s is too slow', async (t) => {
    for (const [missing, isRefused] of [
      [0, false],
      [1, true],
    ] as const) {
      const { line, incoming } = await begin(service, path, { cookie, octets: SCAN_OCTETS });
      const head = incoming.bytesRead;
      await send(line, incoming, scanOf(30 * 16 * 1024 - missing));
      t.equal(incoming.bytesRead - head, 30 * 16 * 1024 - missing);
      halfMinute();
      if (isRefused) t.match(await answerOn(line), /^HTTP\/1\.1 408 /);
      else t.notOk(incoming.destroyed);
      line.destroy();
    }
  });

  await t.test('any other body has half a minute, however steadily it comes', async (t) => {
    const { line, incoming } = await open(service, [
      'POST /api/v1/applications HTTP/1.1',
      `Cookie: ${cookie}`,
      'Content-Type: application/json',
      'Content-Length: 100000',
    ]);
    await send(line, incoming, Buffer.alloc(99_999, ' '));
    halfMinute();
    t.match(await answerOn(line), /^HTTP\/1\.1 408 /);
    await closed(line);
  });

  await t.test('who is not signed in holds no connection with an upload', async (t) => {
    const { line, incoming } = await begin(service, path, { octets: SCAN_OCTETS });
    t.match(await answerOn(line), /^HTTP\/1\.1 401 /);
    await send(line, incoming, scanOf(WINDOW_OCTETS));
    halfMinute();
    await closed(line);
  });

  await t.test('a batch that is being answered goes on as long as it comes', async (t) => {
    const system = await PrescriptionSystem.register(service);
    const { line, incoming } = await open(service, [
      'POST /api/v1/validation-batches HTTP/1.1',
      `Authorization: ${system.headers.authorization}`,
      'Content-Type: application/x-ndjson',
      `Content-Length: ${SCAN_OCTETS}`,
    ]);
    await send(line, incoming, Buffer.from('no JSON\n'));
    t.match(await answerOn(line), /^HTTP\/1\.1 200 /);
    for (let window = 0; window < 3; window += 1) {
      await send(line, incoming, Buffer.alloc(30 * 16 * 1024, '\n'));
      halfMinute();
      t.notOk(incoming.destroyed, 'it came as it should');
    }
    await send(line, incoming, Buffer.alloc(16, '\n'));
    halfMinute();
    await closed(line);
  });

  const { headersTimeout } = service.app.server;
  t.ok(headersTimeout > 0 && headersTimeout <= 30_000, 'a head has no more time than before');
});

async function evidencePath({ app }: TestService, cookie: string): Promise<string> {
  const filed = await app.inject({
    method: 'POST',
    url: '/api/v1/applications',
    headers: { cookie },
    payload: await applicationBody(),
  });
  return `/api/v1/applications/${filed.json<{ id: string }>().id}/evidence?kind=signed-form`;
}

/** Begins to send one file of so many octets. */
function begin(service: TestService, path: string, { cookie, octets }: { cookie?: string; octets: number }) {
  const lines = [
    `POST ${path} HTTP/1.1`,
    ...(cookie ? [`Cookie: ${cookie}`] : []),
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${HEAD.length + octets + TAIL.length}`,
  ];
  return open(service, lines, HEAD);
}

/** Sends a head; resolves when the service has it, with both ends of the connection. */
async function open({ app }: TestService, lines: string[], start = '') {
  const asked = once(app.server, 'request') as Promise<[{ socket: Socket }]>;
  const line = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  line.on('error', () => line.destroy());
  line.write(`${[...lines, 'Host: localhost'].join('\r\n')}\r\n\r\n${start}`);
  const [{ socket: incoming }] = await asked;
  await arrived(incoming, line.bytesWritten);
  return { line, incoming };
}

async function send(line: Socket, incoming: Socket, octets: Buffer): Promise<void> {
  line.write(octets);
  await arrived(incoming, line.bytesWritten);
}

async function arrived(incoming: Socket, octets: number): Promise<void> {
  while (incoming.bytesRead < octets && !incoming.destroyed) await turn();
}

function halfMinute(): void {
  mock.timers.tick(30_000);
}

async function answerOn(line: Socket): Promise<string> {
  const [octets] = (await once(line, 'data')) as [Buffer];
  return octets.toString();
}

async function closed(line: Socket): Promise<void> {
  line.resume();
  // A reset is an end as well.
  if (!line.closed) await new Promise((resolve) => line.once('close', resolve));
}

function scanOf(octets: number): Buffer {
  const scan = Buffer.alloc(octets, 'a');
  scan.write('%PDF-1.4\n%');
  scan.write('\n%%EOF\n', octets - 7);
  return scan;
}
