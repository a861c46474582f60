import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import t from 'tap';

import { AgentConsole, answerPrompt, promptText } from '../support/card-agent-console.ts';
import type { Typed } from '../support/card-agent-console.ts';
import { CardAgentProcess } from '../support/card-agent-process.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { PUK, TRANSPORT_PIN, copyCard, deliverCard } from '../support/virtual-card/card-batch.ts';
import { CardStack, OPENSC_MODULE } from '../support/virtual-card/card-stack.ts';
import { INSTRUCTION } from '../support/virtual-card/virtual-card.ts';

// A card is personalised by the console's own client, the agent's own process and OpenSC; whatever can be cut is cut.

const ORIGIN = 'https://ra.example';
const PIN = '246800';
const SERIAL = '0000000001';
const folder = temporaryFolder(t);
const state = join(folder, 'state');

const stack = await CardStack.start(t);
const [first, second] = stack.readers;
await deliverCard(stack, first, SERIAL);
copyCard(stack, SERIAL, 'delivered');
await first.insert(SERIAL);
const agentProcess = await CardAgentProcess.start(
  t,
  ['--console', ORIGIN, '--state', state],
  stack.variables,
);
const desk = await AgentConsole.open(ORIGIN, agentProcess.url);
const agent = await desk.pair();
const pin = { pin: PIN };
const newPins = { transportPin: TRANSPORT_PIN, newPin: PIN, newPinAgain: PIN };
const makeKey = { cardSerial: SERIAL, keyType: 'rsa-2048', purpose: 'signing' };

t.test('the readers and the card are listed', async (t) => {
  const { readers } = await desk.run(agent, 'list-readers', {});
  t.match(readers, [{ token: { serial: SERIAL, cardType: 'opensc', pinPad: false } }, { token: undefined }]);
});

t.test('transport PIN to the holder’s, typed at the agent, wrong ones asked for again', async (t) => {
  const typed = [
    { ...newPins, newPinAgain: '111111' },
    { ...newPins, transportPin: '999999' },
    { ...newPins, newPin: '1', newPinAgain: '1' },
    newPins,
  ];
  const result = await desk.run(agent, 'set-pin', { cardSerial: SERIAL }, typed);
  t.strictSame(result, { pin: 'set', puk: 'unchanged' });
  const { readers } = await desk.run(agent, 'list-readers', {});
  t.match(readers, [{ token: { pinState: 'set' } }, {}]);
});

t.test('a key is made, certified, written, read back, and signs what is shown', async (t) => {
  const made = await desk.run(agent, 'make-key', makeKey);
  t.equal(made.alwaysAuthenticate, true);
  const again = await desk.run(agent, 'make-key', makeKey);
  t.equal(again.subjectPublicKeyInfo, made.subjectPublicKeyInfo, 'the key that is there, not a second one');
  const certificates = certify(made.certificationRequest as string);
  const written = await desk.run(agent, 'write-certificates', { cardSerial: SERIAL, certificates });
  t.equal((written.readBack as string[]).length, 2);
  const card = await desk.run(agent, 'read-card', { cardSerial: SERIAL });
  t.match(card, { keys: [{ purpose: 'signing', keyType: 'rsa-2048', id: made.keyId }] });
  t.equal((card.certificates as object[]).length, 2);
  const content = Buffer.from('رسید کارت\n');
  const input = {
    cardSerial: SERIAL,
    purpose: 'signing',
    content: content.toString('base64'),
    display: 'Receipt <b>',
  };
  const ticket = desk.ticket(agent.agentId, 'sign', input);
  let page = '';
  const { signature } = await agent.run('sign', ticket, {
    onProgress: ({ promptUrl }) => {
      if (promptUrl === undefined || page !== '') return;
      page = 'asked';
      void promptText(promptUrl).then((text) => {
        page = text;
        return answerPrompt(promptUrl, pin);
      });
    },
  });
  t.match(page, /Receipt &lt;b&gt;/, 'in the words of the asker, as text');
  t.match(page, /رسید کارت/, 'and as it is');
  t.ok(opensslVerifies(signature as string, content));
  await t.rejects(desk.run(agent, 'make-key', makeKey), { code: 'key-exists' });
  const authentication = { ...makeKey, purpose: 'authentication' };
  t.ok((await desk.run(agent, 'make-key', authentication, [pin])).certificationRequest, 'a second pair');
});

t.test('the holder signs with it: at a practice’s page, and at the command line', async (t) => {
  const practice = 'https://his.example';
  const content = Buffer.from('{"note":"نسخهٔ آزمایشی"}');
  const flags = ['--holder', '--origin', practice, '--state', join(folder, 'holder')];
  const holder = await CardAgentProcess.start(t, flags, stack.variables);
  const page = await AgentConsole.open(practice, holder.url);
  const paired = await page.pair(false);
  const { signature } = await paired.sign(
    { content: content.toString('base64'), display: 'Prescription 1' },
    { onProgress: ({ promptUrl }) => promptUrl !== undefined && void answerPrompt(promptUrl, pin) },
  );
  t.ok(opensslVerifies(signature, content), 'by the agent');
  const file = join(folder, 'prescription.json');
  writeFileSync(file, content);
  writeFileSync(join(folder, 'pin'), PIN, { mode: 0o600 });
  const key = `pkcs11:serial=${SERIAL};object=Mohr%20signing`;
  const uri = `${key}?module-path=${OPENSC_MODULE}&pin-source=${join(folder, 'pin')}`;
  const { code, stderr } = await runMohr(['sign', '--pkcs11', uri, file], stack.variables);
  t.equal(code, 0, stderr);
  const p7m = readFileSync(`${file}.p7m`).toString('base64');
  t.ok(opensslVerifies(p7m, content), 'by mohr sign, with the PIN for each signature');
});

t.test('somebody says no at the prompt', async (t) => {
  const input = { cardSerial: SERIAL, purpose: 'signing', content: 'AAAA', display: 'x' };
  await t.rejects(desk.run(agent, 'sign', input, ['refuse']), { code: 'prompt-cancelled' });
});

t.test('rolled back, the card has no keys, and takes new ones', async (t) => {
  const { destroyed } = await desk.run(agent, 'destroy-keys', { cardSerial: SERIAL }, [pin]);
  t.ok((destroyed as number) >= 5);
  const card = await desk.run(agent, 'read-card', { cardSerial: SERIAL });
  t.strictSame(card.keys, []);
  t.notMatch(JSON.stringify(card.certificates), /Mohr signing/);
});

t.test('pulled while the key is made: the same operation again ends as if nothing had been', async (t) => {
  for (const when of ['before', 'after'] as const) {
    await first.cutAt({ instruction: INSTRUCTION.generateKey, nth: 1, when });
    await t.rejects(desk.run(agent, 'make-key', makeKey, [pin]), { code: 'card-pulled' }, when);
    await first.pulled();
    await t.rejects(desk.run(agent, 'make-key', makeKey, [pin]), { code: 'card-absent' });
    await first.insert(SERIAL);
  }
  await first.cutAt({ instruction: INSTRUCTION.performSecurityOperation, nth: 1, when: 'before' });
  await t.rejects(desk.run(agent, 'make-key', makeKey, [pin]), { code: 'card-pulled' }, 'at the request');
  await first.pulled();
  await first.insert(SERIAL);
  const made = await desk.run(agent, 'make-key', makeKey, [pin]);
  const { keys } = await desk.run(agent, 'read-card', { cardSerial: SERIAL });
  t.match(keys, [{ subjectPublicKeyInfo: made.subjectPublicKeyInfo }]);
  t.equal((keys as object[]).length, 1);
});

t.test('pulled while the PIN is set: the card has the old one or the new one', async (t) => {
  copyCard(stack, 'delivered', 'other');
  await first.pull();
  await first.insert('other');
  for (const when of ['before', 'after'] as const) {
    await first.cutAt({ instruction: INSTRUCTION.changePin, nth: 1, when });
    await t.rejects(desk.run(agent, 'set-pin', { cardSerial: SERIAL }, [newPins]), { code: 'card-pulled' });
    await first.pulled();
    await first.insert('other');
  }
  const again = { transportPin: PIN, newPin: PIN, newPinAgain: PIN };
  t.match(await desk.run(agent, 'set-pin', { cardSerial: SERIAL }, [newPins, again]), { pin: 'set' });
  await first.pull();
  await first.insert(SERIAL);
});

t.test('pulled while certificates are written: written again, they are whole', async (t) => {
  const made = await desk.run(agent, 'make-key', makeKey, [pin]);
  const certificates = certify(made.certificationRequest as string);
  const input = { cardSerial: SERIAL, certificates };
  await first.cutAt({ instruction: INSTRUCTION.updateBinary, nth: 5, when: 'after' });
  await t.rejects(desk.run(agent, 'write-certificates', input, [pin]), { code: 'card-pulled' });
  await first.pulled();
  await first.insert(SERIAL);
  const { readBack } = await desk.run(agent, 'write-certificates', input, [pin]);
  t.equal((readBack as string[]).length, 2);
  const foreign = { cardSerial: SERIAL, certificates: [certificates[1]] };
  await t.rejects(desk.run(agent, 'write-certificates', foreign, [pin]), { code: 'certificate-foreign' });
});

t.test('the reader is unplugged, and plugged in again', async (t) => {
  await stack.unplug();
  await t.rejects(desk.run(agent, 'read-card', { cardSerial: SERIAL }), { code: 'card-absent' });
  await stack.plugIn();
  await first.insert(SERIAL);
  t.match(await desk.run(agent, 'read-card', { cardSerial: SERIAL }), { serial: SERIAL });
});

t.test(
  'a connection that breaks leaves the operation running; the same ticket leads back to it',
  async (t) => {
    const ticket = desk.ticket(agent.agentId, 'unblock-pin', { cardSerial: SERIAL });
    const gone = new AbortController();
    let promptUrl = '';
    const cut = agent.run('unblock-pin', ticket, {
      signal: gone.signal,
      onProgress: (progress) => {
        promptUrl = progress.promptUrl ?? promptUrl;
        if (promptUrl !== '') gone.abort();
      },
    });
    await t.rejects(cut);
    await answerPrompt(promptUrl, { puk: PUK, newPin: PIN, newPinAgain: PIN });
    t.strictSame(await desk.runTicket(agent, 'unblock-pin', ticket), { pin: 'set' });
    t.strictSame(
      await desk.runTicket(agent, 'unblock-pin', ticket),
      { pin: 'set' },
      'once more, and done once',
    );
  },
);

t.test(
  'killed while it waits for a PIN, it is paired as before and does not run the ticket again',
  async (t) => {
    const ticket = desk.ticket(agent.agentId, 'unblock-pin', { cardSerial: SERIAL });
    await killedAt(['pin'], 'unblock-pin', ticket);
    await t.rejects(agent.describe(), { code: 'agent-absent' });
    await agentProcess.start();
    t.equal((await agent.describe()).agentId, agent.agentId);
    await t.rejects(desk.runTicket(agent, 'unblock-pin', ticket), { code: 'agent-restarted' });
  },
);

t.test('killed while the key is made: asked again, the card has one key, and it is whole', async (t) => {
  const input = { ...makeKey, purpose: 'authentication' };
  await killedAt(['card', 'key', 'request'], 'make-key', desk.ticket(agent.agentId, 'make-key', input), [
    pin,
  ]);
  await agentProcess.start();
  const made = await desk.run(agent, 'make-key', input, [pin]);
  const { keys } = await desk.run(agent, 'read-card', { cardSerial: SERIAL });
  const ours = (keys as { purpose: string; subjectPublicKeyInfo: string }[]).filter(
    ({ purpose }) => purpose === 'authentication',
  );
  t.match(ours, [{ subjectPublicKeyInfo: made.subjectPublicKeyInfo }]);
  t.equal(ours.length, 1);
});

t.test('killed while certificates are written: asked again, they are whole', async (t) => {
  const { certificationRequest } = await desk.run(agent, 'make-key', {
    ...makeKey,
    purpose: 'authentication',
  });
  const input = { cardSerial: SERIAL, certificates: certify(certificationRequest as string) };
  await killedWhileWritten(input);
  await agentProcess.start();
  const { readBack } = await desk.run(agent, 'write-certificates', input, [pin]);
  t.equal((readBack as string[]).length, 2);
});

t.test('several readers: each card by its serial number, a blank one by its being blank', async (t) => {
  await second.insert('blank');
  const pins = { newPin: PIN, newPinAgain: PIN, newPuk: PUK, newPukAgain: PUK };
  const result = await desk.run(agent, 'set-pin', { cardSerial: '0000000042' }, [pins]);
  t.strictSame(result, { pin: 'set', puk: 'set' });
  const { readers } = await desk.run(agent, 'list-readers', {});
  t.match(readers, [{ token: { serial: SERIAL } }, { token: { serial: '0000000042', pinState: 'set' } }]);
  await t.rejects(desk.run(agent, 'make-key', { ...makeKey, cardSerial: '0000000043' }), {
    code: 'card-absent',
  });
});

t.test('no PIN is in the log, the journal, the state or the list of processes', async (t) => {
  const kept = readdirSync(state).map((name) => readFileSync(join(state, name), 'utf8'));
  const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  for (const secret of [PIN, TRANSPORT_PIN, PUK, '999999'])
    t.notOk(
      [...kept, agentProcess.printed, processes].some((text) => text.includes(secret)),
      'not there',
    );
  t.notMatch(kept.join(''), /رسید/, 'nor what was signed');
});

/** Runs an operation until it has come to one of the steps (a poll may miss a short one), and kills the agent there. */
async function killedAt(
  steps: string[],
  operation: string,
  ticket: string,
  typed: Typed[] = [],
): Promise<void> {
  let reached: () => void = () => undefined;
  const there = new Promise<void>((resolve) => (reached = resolve));
  const onStep = (progress: { step: string }) => steps.includes(progress.step) && reached();
  const running = desk.runTicket(agent, operation, ticket, typed, onStep).catch(() => undefined);
  await there;
  await agentProcess.kill();
  await running;
}

/** Kills the agent when the card has got the first file, and not all of it. */
async function killedWhileWritten(input: object): Promise<void> {
  const file = stack.fileOf(SERIAL);
  const before = statSync(file).size;
  const grown = new Promise<void>((resolve) => {
    const watcher = watch(dirname(file), () => {
      if (statSync(file).size <= before) return;
      watcher.close();
      resolve();
    });
  });
  const running = desk.run(agent, 'write-certificates', input, [pin]).catch(() => undefined);
  await grown;
  await agentProcess.kill();
  await running;
}

/** Has OpenSSL certify a request (base64), by an issuer of its own; leaf first, base64. */
function certify(request: string): string[] {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'request.der'), Buffer.from(request, 'base64'));
  if (!readdirSync(folder).includes('ca.pem'))
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Issuer', '-days', '2'],
    );
  openssl(
    ...['x509', '-req', '-inform', 'DER', '-in', 'request.der', '-CA', 'ca.pem', '-CAkey', 'ca.key'],
    ...['-CAcreateserial', '-days', '1', '-outform', 'DER', '-out', 'leaf.der'],
  );
  const issuer = openssl('x509', '-in', 'ca.pem', '-outform', 'DER');
  return [readFileSync(join(folder, 'leaf.der')), issuer].map((octets) => octets.toString('base64'));
}

function opensslVerifies(signature: string, content: Buffer): boolean {
  writeFileSync(join(folder, 'signature.p7m'), Buffer.from(signature, 'base64'));
  const args = ['cms', '-verify', '-inform', 'DER', '-in', 'signature.p7m', '-binary', '-purpose', 'any'];
  const out = execFileSync('openssl', [...args, '-CAfile', 'ca.pem'], { cwd: folder, stdio: 'pipe' });
  return out.equals(content);
}
