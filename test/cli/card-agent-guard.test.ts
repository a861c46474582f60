import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';

import t from 'tap';

import { readAgentSettings } from '../../cli/card-agent/agent-settings.ts';
import { AgentConsole, answerPrompt, promptResponse, promptText } from '../support/card-agent-console.ts';
import { CardAgentProcess } from '../support/card-agent-process.ts';
import { SOFTHSM_MODULE, softToken } from '../support/soft-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Who is answered, and by what proof; the token is a SoftHSM, which also does what OpenSC's cards do not: P-256.

const ORIGIN = 'https://ra.example';
softToken(t);
const state = join(temporaryFolder(t), 'state');
const flags = ['--module', SOFTHSM_MODULE, '--state', state];
const agentProcess = await CardAgentProcess.start(t, ['--console', ORIGIN, ...flags]);
const desk = await AgentConsole.open(ORIGIN, agentProcess.url);
const agent = await desk.pair();
const host = `127.0.0.1:${agentProcess.port}`;

t.test('nobody but the pinned origin is answered, whatever the method and path', async (t) => {
  const strangers: [string, Record<string, string>][] = [
    ['no origin', { host }],
    ['another site', { host, origin: 'https://evil.example' }],
    ['a sandboxed page', { host, origin: 'null' }],
    ['the same site without TLS', { host, origin: 'http://ra.example' }],
    ['a site below it', { host, origin: 'https://a.ra.example' }],
    ['DNS rebinding', { host: `evil.example:${agentProcess.port}`, origin: ORIGIN }],
    ['DNS rebinding without a port', { host: '127.0.0.1', origin: ORIGIN }],
  ];
  for (const [name, headers] of strangers)
    for (const method of ['GET', 'POST', 'OPTIONS', 'PUT', 'DELETE'])
      for (const path of ['/', '/v1/agent', '/v1/pairings', '/v1/operations', '/v1/signatures']) {
        const { status, body, headers: answered } = await ask({ method, path, headers });
        t.strictSame([status, body], [403, ''], `${name}: ${method} ${path}`);
        t.notOk(Object.keys(answered).some((one) => one.startsWith('access-control')));
      }
});

t.test('preflights of the pinned origin are answered, with Private Network Access', async (t) => {
  const headers = { host, origin: ORIGIN, 'access-control-request-private-network': 'true' };
  const { status, headers: answered } = await ask({ method: 'OPTIONS', path: '/v1/operations', headers });
  t.equal(status, 204);
  t.match(answered, {
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-private-network': 'true',
    'access-control-allow-headers': 'authorization, content-type',
  });
});

t.test('an unpaired page of the pinned origin gets nothing but the offer to pair', async (t) => {
  for (const [method, path] of [
    ['GET', '/v1/agent'],
    ['POST', '/v1/operations'],
    ['GET', '/v1/operations/x'],
    ['POST', '/v1/signatures'],
  ]) {
    const content = method === 'POST' ? '{}' : undefined;
    const { status, body } = await ask({ method, path, headers: { host, origin: ORIGIN }, content });
    t.equal(status, 401, `${method} ${path}`);
    t.match(JSON.parse(body), { code: 'agent-unpaired' });
  }
  const large = { method: 'POST', path: '/v1/operations', headers: { host, origin: ORIGIN } };
  t.equal((await ask({ ...large, content: 'x'.repeat(300_000) })).status, 413);
});

t.test('a request counts once, is of this time and as it was signed', async (t) => {
  const sent: { path: string; headers: Record<string, string> }[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const { pathname } = new URL(input);
    sent.push({
      path: pathname,
      headers: { ...(init?.headers as Record<string, string>), host, origin: ORIGIN },
    });
    return fetch(input, init);
  };
  await agent.describe();
  globalThis.fetch = fetch;
  const [{ path, headers }] = sent;
  const codeOf = async (changed: Record<string, string>, to = path) =>
    JSON.parse((await ask({ method: 'GET', path: to, headers: { ...headers, ...changed } })).body) as object;
  t.match(await codeOf({}), { code: 'request-replayed' });
  t.match(await codeOf({}, '/v1/agent?'), { code: 'agent-unpaired' }, 'another path');
  const older = headers.authorization.replace(/time=\d+/, 'time=1000');
  t.match(await codeOf({ authorization: older }), { code: 'agent-unpaired' }, 'another time');
  t.match(await codeOf({ authorization: 'Mohr-Agent' }), { code: 'agent-unpaired' });
  await agentProcess.kill();
  await agentProcess.start();
  t.match(await codeOf({}), { code: 'request-stale' }, 'nor after a restart');
});

t.test('tickets: of the pinned key, for this agent and time, for what it knows, once', async (t) => {
  const make = (claims: object, key?: Parameters<AgentConsole['ticket']>[4]) =>
    desk.ticket(agent.agentId, 'list-readers', {}, claims, key);
  const past = Math.floor(Date.now() / 1000) - 1000;
  const refused: [string, string, string][] = [
    ['another key', make({}, generateKeyPairSync('ed25519').privateKey), 'ticket-invalid'],
    ['another agent', make({ aud: 'other' }), 'ticket-invalid'],
    ['another console', make({ iss: 'https://evil.example' }), 'ticket-invalid'],
    ['of the past', make({ iat: past, exp: past + 60 }), 'ticket-expired'],
    ['too long', make({ exp: past + 100_000 }), 'ticket-invalid'],
    ['no session', make({ sessionId: undefined }), 'ticket-invalid'],
    ['unknown operation', make({ operation: 'format-card' }), 'request-malformed'],
    ['unknown input', make({ input: { cardSerial: '1' } }), 'request-malformed'],
    ['no ticket', 'a.b.c', 'ticket-invalid'],
  ];
  for (const [name, ticket, code] of refused)
    await t.rejects(agent.run('list-readers', ticket), { code }, name);
  const [, payload, signature] = make({}).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  await t.rejects(agent.run('list-readers', `${none}.${payload}.${signature}`), { code: 'ticket-invalid' });
  await t.rejects(
    agent.sign({ content: 'AAAA', display: 'x' }),
    { code: 'not-found' },
    'no ticket, no signature',
  );
});

t.test('the prompt page is a page of its own', async (t) => {
  const offer = await desk.offer();
  const page = await promptResponse(offer.promptUrl);
  const csp = page.headers.get('content-security-policy') ?? '';
  t.match(csp, /default-src 'none'.*frame-ancestors 'none'/);
  t.notMatch(csp, /script|unsafe|\*/);
  t.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
  t.equal(page.headers.get('x-frame-options'), 'DENY');
  t.equal(page.headers.get('access-control-allow-origin'), null);
  t.notMatch(await page.text(), /<script/);
  const persian = await (await promptResponse(offer.promptUrl, { 'accept-language': 'fa-IR' })).text();
  t.match(persian, /lang="fa" dir="rtl"/);
  const { pathname } = new URL(offer.promptUrl);
  for (const [name, method, headers] of [
    ['fetched by the console', 'GET', { host, origin: ORIGIN }],
    ['in a frame', 'GET', { host, 'sec-fetch-dest': 'iframe' }],
    ['answered by the console', 'POST', { host, origin: ORIGIN }],
    ['answered without an origin', 'POST', { host }],
    ['under another name', 'GET', { host: 'evil.example' }],
  ] as const)
    t.equal((await ask({ method, path: pathname, headers: { ...headers } })).status, 403, name);
  t.equal((await promptResponse(`${agentProcess.url}/prompts/guessed`)).status, 410);
  await answerPrompt(offer.promptUrl, 'refuse');
  await t.rejects(offer.confirmed(), { code: 'pairing-refused' });
});

t.test('a key that is not the one that was committed to ends the pairing', async (t) => {
  const headers = { host, origin: ORIGIN };
  const begun = await ask({
    ...{ method: 'POST', path: '/v1/pairings', headers },
    content: JSON.stringify({ commitment: 'A'.repeat(43) }),
  });
  const { pairingId } = JSON.parse(begun.body) as { pairingId: string };
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), ...[x, y].map((one) => Buffer.from(one!, 'base64url'))]);
  const shown = JSON.stringify({ publicKey: point.toString('base64url'), nonce: 'A'.repeat(43) });
  const path = `/v1/pairings/${pairingId}`;
  const answered = await ask({ method: 'POST', path: `${path}/key`, headers, content: shown });
  t.match(JSON.parse(answered.body), { code: 'pairing-commitment' });
  t.match(JSON.parse((await ask({ method: 'GET', path, headers })).body), { state: 'refused' });
});

t.test('three pairings wait at once, and no fourth', async (t) => {
  const offers = [await desk.offer(), await desk.offer(), await desk.offer()];
  await t.rejects(desk.offer(), { code: 'too-many' });
  for (const { promptUrl, confirmed } of offers) {
    await answerPrompt(promptUrl, 'refuse');
    await t.rejects(confirmed(), { code: 'pairing-refused' });
  }
  await answerPrompt((await desk.offer()).promptUrl, 'refuse');
});

t.test('what answers in the agent’s place is found out', async (t) => {
  const { fetch } = globalThis;
  globalThis.fetch = async () => new Response(JSON.stringify({ agentId: agent.agentId }), { status: 200 });
  await t.rejects(agent.describe(), { code: 'agent-not-genuine' });
  globalThis.fetch = fetch;
});

t.test('P-256 on a token whose PUK can be set', async (t) => {
  const { readers } = await desk.run(agent, 'list-readers', {});
  const { token } = (readers as { token?: { serial: string } }[]).find((one) => one.token)!;
  const cardSerial = token!.serial;
  const pins = {
    ...{ transportPuk: '12345678', newPin: '246800', newPinAgain: '246800' },
    ...{ newPuk: '87654321', newPukAgain: '87654321' },
  };
  const set = await desk.run(agent, 'set-pin', { cardSerial }, [pins]);
  t.strictSame(set, { pin: 'set', puk: 'set' });
  const input = { cardSerial, keyType: 'p-256', purpose: 'signing' };
  const made = await desk.run(agent, 'make-key', input);
  const requestText = execFileSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout', '-text'], {
    input: Buffer.from(made.certificationRequest as string, 'base64'),
    encoding: 'utf8',
    stdio: 'pipe',
  });
  t.match(requestText, /NIST CURVE: P-256/);
  const unblock = { puk: '87654321', newPin: '135700', newPinAgain: '135700' };
  t.strictSame(await desk.run(agent, 'unblock-pin', { cardSerial }, [unblock]), { pin: 'set' });
});

t.test('pairings and journal are of this user alone', async (t) => {
  for (const name of ['pairings.json', 'journal.jsonl'])
    t.equal(statSync(join(state, name)).mode & 0o777, 0o600, name);
});

t.test(
  'holder mode: a paired page asks, the holder sees what is signed, and no ticket is taken',
  async (t) => {
    const practice = 'https://his.example';
    const holderState = join(state, 'holder');
    const holder = await CardAgentProcess.start(t, [
      ...['--holder', '--origin', practice, '--module', SOFTHSM_MODULE, '--state', holderState],
    ]);
    const page = await AgentConsole.open(practice, holder.url);
    const paired = await page.pair(false);
    await t.rejects(page.run(paired, 'list-readers', {}), { code: 'not-found' });
    let shown = '';
    const request = { content: Buffer.from('نسخه').toString('base64'), display: 'Prescription 1' };
    const signing = paired.sign(request, {
      onProgress: ({ promptUrl }) => {
        if (promptUrl === undefined) return;
        void promptText(promptUrl).then((text) => {
          shown = text;
          return answerPrompt(promptUrl, { pin: '135700' });
        });
      },
    });
    await t.rejects(signing, { code: 'certificate-not-found' }, 'this token has a key only');
    t.match(shown, /https:\/\/his\.example/);
    t.match(shown, /Prescription 1/);
    t.match(shown, /نسخه/);
  },
);

t.test('settings that are wrong are all told at once', async (t) => {
  const { faults } = readAgentSettings(
    ['--console', 'http://ra.example', '--port', '0', '--prompt', 'voice'],
    {},
  );
  t.equal(faults?.length, 3);
  t.match(readAgentSettings([], { MOHR_CARD_AGENT_CONSOLE: ORIGIN }), {
    settings: { origin: ORIGIN, port: 28447, modules: [], prompt: 'page', isHolder: false },
  });
});

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  content?: string;
}

/** With exactly these headers: `fetch` chooses some of its own. */
async function ask({ method, path, headers, content }: Asked) {
  const asking = request({
    host: '127.0.0.1',
    port: agentProcess.port,
    method,
    path,
    headers,
    setHost: false,
  });
  asking.on('error', () => undefined);
  asking.end(content);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += part as string;
  return { status: response.statusCode, headers: response.headers, body };
}
