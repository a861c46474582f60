import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import t from 'tap';

import { openSmsGateway } from '../../messages/http-sms-gateway.ts';
import { openSmtpMailer } from '../../messages/smtp-mailer.ts';
import type { MessageId } from '../../ra/messages/message.ts';
import { SmtpReceiver } from '../support/smtp-receiver.ts';

/** What a failure says. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const [result] = await Promise.allSettled([work]);
  if (result.status === 'fulfilled') throw new Error('it did not fail');
  return String(result.reason);
}

const ID = '0190a000-0000-7000-8000-000000000000' as MessageId;
const MAIL = {
  id: ID,
  to: 'doctor@clinic.example.org',
  subject: 'گواهی الکترونیکی شما',
  text: 'تمدید کنید.\n.',
};

t.test('e-mail goes out by SMTP', async (t) => {
  const receiver = await SmtpReceiver.listen(t);
  const mailer = openSmtpMailer({ url: receiver.url, from: 'mohr@council.example.org' });
  t.teardown(() => mailer.close());
  t.equal(await mailer.send(MAIL), 'taken');
  t.match(receiver.received, [{ from: 'mohr@council.example.org', to: [MAIL.to] }]);
  const [{ data }] = receiver.received;
  t.match(data, `Message-ID: <${ID}@council.example.org>`, 'tried again, mailboxes show it once');
  const [, words] = /^Subject: =\?UTF-8\?[BQ]\?(.*)\?=/im.exec(data) ?? [];
  t.ok(words, 'the subject is encoded');
  const body = data.slice(data.indexOf('\r\n\r\n') + 4);
  t.match(Buffer.from(body, 'base64').toString() + body, /تمدید|=D8=AA/, 'and so is the text');
  receiver.refusal = '550 5.1.1 no such user';
  t.equal(await mailer.send(MAIL), 'refused', 'for good');
  receiver.refusal = '450 4.2.1 busy';
  await t.rejects(mailer.send(MAIL), /450/, 'for now');
  await receiver.close();
  t.notMatch(await failureOf(mailer.send(MAIL)), /doctor/, 'names nobody');
});

t.test('a header does not become another one', async (t) => {
  const receiver = await SmtpReceiver.listen(t);
  const mailer = openSmtpMailer({ url: receiver.url, from: 'mohr@council.example.org' });
  t.teardown(() => mailer.close());
  await mailer.send({ ...MAIL, subject: 'a\r\nBcc: other@example.org' });
  t.strictSame(receiver.received[0].to, [MAIL.to]);
  t.notMatch(receiver.received[0].data, /^Bcc:/im);
});

t.test('short messages go to the gateway', async (t) => {
  const asked: { key: unknown; token: unknown; body: unknown }[] = [];
  let statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      asked.push({ key: headers['idempotency-key'], token: headers.authorization, body });
      const status = statuses.shift() ?? 200;
      // Silence is an answer too.
      if (status !== 0) response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void (server.closeAllConnections(), server.close()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`;
  const gateway = openSmsGateway({ url, token: 'secret', attemptMilliseconds: 500, pauseMilliseconds: 1 });
  const message = { ...MAIL, to: '09990000001' };
  t.equal(await gateway.send(message), 'taken');
  t.strictSame(asked[0], {
    key: ID,
    token: 'Bearer secret',
    body: { id: ID, to: '09990000001', text: MAIL.text },
  });
  statuses = [500, 429];
  t.equal(await gateway.send(message), 'taken', 'tried again under the same key');
  t.strictSame(
    asked.map(({ key }) => key),
    [ID, ID, ID, ID],
  );
  statuses = [400];
  t.equal(await gateway.send(message), 'refused');
  statuses = [0, 500, 503];
  await t.rejects(gateway.send(message), /503/, 'a gateway that hangs, then fails');
  const away = openSmsGateway({ url: 'http://127.0.0.1:1/', attemptMilliseconds: 500, pauseMilliseconds: 1 });
  t.notMatch(await failureOf(away.send(message)), /0999/, 'names nobody');
});
