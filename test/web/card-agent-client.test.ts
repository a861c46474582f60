import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import t from 'tap';
import ts from 'typescript';

import { AgentConsole } from '../support/card-agent-console.ts';
import { CardAgentProcess } from '../support/card-agent-process.ts';
import { startBrowser } from '../support/console-browser.ts';
import { SOFTHSM_MODULE, softToken } from '../support/soft-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The console's client of the card agent in Chromium: its WebCrypto, its IndexedDB, its CORS, and the agent's prompt page.

softToken(t);
const [origin, other] = [await servePage(), await servePage()];
const state = join(temporaryFolder(t), 'state');
const agent = await CardAgentProcess.start(t, [
  ...['--console', origin, '--module', SOFTHSM_MODULE, '--state', state],
]);
const service = await AgentConsole.open(origin, agent.url);
const browser = await startBrowser();
t.teardown(() => browser.close());
const context = await browser.newContext({ locale: 'fa-IR' });

t.test('paired at the prompt page, and still paired when the page is loaded anew', async (t) => {
  const page = await context.newPage();
  await page.goto(origin);
  const { code, promptUrl } = await page.evaluate<{ code: string; promptUrl: string }>(
    `offer(${JSON.stringify([agent.url, service.ticketKey])})`,
  );
  const prompt = await context.newPage();
  const faults: string[] = [];
  prompt.on('console', (message) => faults.push(message.text()));
  await prompt.goto(promptUrl);
  t.equal(await prompt.locator('.code').innerText(), code, 'both show the same digits');
  t.equal(await prompt.locator('html').getAttribute('dir'), 'rtl');
  await prompt.locator('button[value=accept]').click();
  const agentId = await page.evaluate<string>('confirmed()');
  await prompt.reload();
  t.match(await prompt.locator('[role=status]').innerText(), /انجام شد/);
  t.strictSame(faults, [], 'its own policy lets its own page work');
  await page.reload();
  const ticket = service.ticket(agentId, 'list-readers', {});
  const { readers } = await page.evaluate<{ readers: object[] }>(
    `run(${JSON.stringify([agent.url, 'list-readers', ticket])})`,
  );
  t.match(readers[0], { token: { cardType: 'softhsm' } });
  t.equal(
    await page.evaluate(`exported(${JSON.stringify(agent.url)})`),
    'InvalidAccessError',
    'the key stays',
  );
});

t.test('a page of another origin reaches nothing, nor frames a prompt', async (t) => {
  const page = await context.newPage();
  await page.goto(other);
  const refused = await page.evaluate(`failure(${JSON.stringify([agent.url, service.ticketKey])})`);
  t.equal(refused, 'agent-absent', 'the browser shows it no answer at all');
  await page.evaluate(`frame(${JSON.stringify(`${agent.url}/prompts/x`)})`);
  const frame = page.frames().find((one) => one !== page.mainFrame());
  t.notMatch((await frame?.content()) ?? '', /کارگزار/);
});

/** A page that has the client as its modules, transpiled one by one; at an address of its own. */
async function servePage(): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
    if (!/^\/(web\/client|core)\/[\w-]+\.ts$/.test(path)) return response.writeHead(404).end();
    const source = readFileSync(new URL(`../..${path}`, import.meta.url), 'utf8');
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    response.setHeader('content-type', 'text/javascript').end(outputText);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

const PAGE = `<!doctype html><title>console</title><script type="module">
import { offerPairing, pairedAgent } from '/web/client/card-agent.ts';
import { indexedPairings } from '/web/client/pairing-store.ts';
const place = (url) => ({ url, pairings: indexedPairings() });
let pending;
window.offer = async ([url, key]) => {
  pending = await offerPairing(place(url), key);
  return { code: pending.code, promptUrl: pending.promptUrl };
};
window.confirmed = async () => (await pending.confirmed()).agentId;
window.run = async ([url, operation, ticket]) => (await pairedAgent(place(url))).run(operation, ticket);
window.failure = ([url, key]) => offerPairing(place(url), key).then(() => 'paired', ({ code }) => code);
window.exported = async (url) => {
  const { key } = await indexedPairings().get(url);
  return crypto.subtle.exportKey('raw', key).then(() => 'exported', ({ name }) => name);
};
window.frame = (url) => new Promise((resolve) => {
  const frame = document.createElement('iframe');
  frame.onload = frame.onerror = () => resolve();
  frame.src = url;
  document.body.append(frame);
});
</script><body>`;
