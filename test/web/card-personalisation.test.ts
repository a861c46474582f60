import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { encodePem } from '../../pki/pem.ts';
import { systemClock } from '../../core/clock.ts';
import { fhirPrescription } from '../../cli/demo/prescriptions.ts';
import { DOCTOR } from '../../cli/demo/doctor.ts';
import { AgentWindow } from '../support/agent-window.ts';
import { field, typeApplicant, word } from '../support/console-acts.ts';
import { startBrowser } from '../support/console-browser.ts';
import { startConsoleService } from '../support/console-service.ts';
import { seatStaff } from '../support/console-staff.ts';
import { freePort } from '../support/free-port.ts';
import { runMohr } from '../support/run-mohr.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { startCardAgent } from '../support/start-card-agent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/page-until.ts';
import { TRANSPORT_PIN, configureOpensc, deliverCard } from '../support/virtual-card/card-batch.ts';
import { CardStack, OPENSC_MODULE } from '../support/virtual-card/card-stack.ts';
import { INSTRUCTION } from '../support/virtual-card/virtual-card.ts';

// A real stack: service, console in a browser, card agent, OpenSC, pcscd, and a card that is played byte by byte. Two officers
// and a doctor hand a card out; it is pulled while the certificate is being written.

const SERIAL = '0000000042';
const PIN = '246802';
const MOBILE = '09990001405';

const folder = temporaryFolder(t);
const stack = await CardStack.start(t);
const variables = configureOpensc(stack);
const [reader] = stack.readers;
await deliverCard(stack, reader, SERIAL);

const port = await freePort();
const agentUrl = `http://127.0.0.1:${port}`;
const service = await startConsoleService(t, { MOHR_CARD_AGENT_URL: agentUrl });
await startCardAgent(t, { console: service.origin, port, stateFolder: join(folder, 'agent'), variables });
const browser = await startBrowser();
t.teardown(() => browser.close());
const { clerk, approver, operator } = await seatStaff(browser, service);
const page = clerk.page;
const agent = new AgentWindow(clerk);
const say = (...asked: [Parameters<typeof word>[1], Record<string, string>?]) => word('fa', ...asked);
const button = (key: Parameters<typeof word>[1]) => page.getByRole('button', { name: say(key), exact: true });
const next = (key: Parameters<typeof word>[1]) =>
  page.getByRole('heading', { level: 2, name: say(key), exact: true }).waitFor();

await t.test('the operator takes a delivery in, and sends the card to the office', async (t) => {
  const desk = operator.page;
  await desk.goto('/card-deliveries');
  await desk.getByRole('button', { name: say('deliveries.import') }).click();
  await desk.locator('[name="reference"]').fill('1405/0311');
  await desk.locator('[name="cardType"]').fill('IsoApplet');
  const list = { name: 'serials.csv', mimeType: 'text/csv', buffer: Buffer.from(`serial\n${SERIAL}\n`) };
  await desk.locator('input[type="file"]').setInputFiles(list);
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: say('deliveries.import') })
    .click();
  await desk.getByText('1405/0311').waitFor();
  await desk.goto('/cards');
  await desk.getByRole('button', { name: say('cards.assign') }).click();
  await desk.locator('[name="serials"]').fill(SERIAL);
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: say('cards.assign-now', { count: '۱' }) })
    .click();
  await desk.getByRole('dialog').waitFor({ state: 'detached' });
  await desk.locator('tbody').getByText(say('card-state.in-stock')).waitFor();
  t.pass('it is in stock');
});

await t.test('browser and agent are paired by a code on both sides', async (t) => {
  await page.goto('/cards');
  await button('agent.pair').click();
  const shown = await page.locator('[data-code]').getAttribute('data-code');
  t.match(shown, /^[0-9]{6}$/);
  t.equal(await agent.confirm(shown!), shown, 'the same code');
  await page.getByText(say('agent.ready')).waitFor();
});

await t.test('the card makes its key, and the application is filed with it', async (t) => {
  await reader.insert(SERIAL);
  await page.goto('/applications/new');
  await typeApplicant(page, DOCTOR);
  await field(page, 'profile').selectOption('signing-card');
  await until(page, `document.querySelector('[name="delivery"]').value === 'card'`);
  t.pass('on the card, unless it is said otherwise');
  await button('file.to-card').click();
  await page.waitForURL('**/card');
  await button('personalise.look').click();
  await page.getByText(SERIAL).waitFor();
  await button('personalise.take').click();
  await next('next.set-pin');
  await button('do.set-pin').click();
  await agent.type({ transportPin: TRANSPORT_PIN, newPin: PIN, newPinAgain: PIN });
  await next('next.make-key');
  await isFocused('do.make-key');
  t.pass('what is to be done next has the focus');
  await page.keyboard.press('Enter');
  await next('next.submit');
  await isFocused('file.submit');
  await page.keyboard.press('Enter');
  await next('next.await-approval');
  await field(page, 'mobile').fill(MOBILE);
  await button('counter.save').first().click();
  await page.getByText(say('counter.mobile-saved', { mobile: '' }).slice(0, 10)).waitFor();
});

await t.test('the second officer approves; the doctor’s code issues', async (t) => {
  await approver.page.goto(new URL(page.url()).pathname.replace('/card', ''));
  await approver.page.getByRole('checkbox', { name: say('application.read') }).check();
  await approver.page.getByRole('button', { name: say('application.approve') }).click();
  await approver.page.getByText(say('state.activation'), { exact: true }).first().waitFor();
  await next('next.activate');
  await field(page, 'activationCode').fill('00000000');
  await button('personalise.issue').click();
  await page.getByText(say('personalise.code-wrong')).waitFor();
  await field(page, 'activationCode').fill(await sentCode());
  await button('personalise.issue').click();
  await next('next.write');
  t.pass('it is issued');
});

await t.test('the card is pulled while it is written; put back, it goes on', async (t) => {
  await reader.cutAt({ instruction: INSTRUCTION.updateBinary, nth: 2, when: 'before' });
  await button('do.write').click();
  await page.getByText(say('agent.card-pulled')).waitFor();
  await reader.pulled();
  await page.reload();
  await reader.insert(SERIAL);
  await button('do.write').click();
  await typedWhere('next.test', { pin: PIN });
  t.pass('written and read back');
});

await t.test('the card is tested, and handed over against the doctor’s signature', async (t) => {
  await button('do.test').click();
  await typedWhere('next.receive', { pin: PIN });
  await button('do.receive').click();
  const asked = await agent.type({ pin: PIN });
  t.match(asked, SERIAL, 'the receipt is shown where the PIN is typed');
  await page.getByText(say('personalise.completed')).waitFor();
  await page.goto(`/cards`);
  await page.locator('tbody').getByText(say('card-state.handed-over')).waitFor();
});

await t.test('a prescription that the card signs validates, here and by OpenSSL', async (t) => {
  const cwd = temporaryFolder(t);
  const { content, mediaType } = fhirPrescription(systemClock.now());
  writeFileSync(join(cwd, 'prescription.json'), content);
  writeFileSync(join(cwd, 'pin'), `${PIN}\n`, { mode: 0o600 });
  const key = `pkcs11:serial=${SERIAL};object=Mohr%20signing`;
  const uri = `${key}?module-path=${OPENSC_MODULE}&pin-source=file:${join(cwd, 'pin')}`;
  const file = join(cwd, 'prescription.json');
  const signed = await runMohr(['sign', '--pkcs11', uri, '--mime-type', mediaType, file], variables);
  t.equal(signed.code, 0, signed.stderr);
  const signature = readFileSync(`${file}.p7m`);
  const data = { signature: signature.toString('base64'), receivedAt: systemClock.now().toISOString() };
  const validated = await page.request.post('/api/v1/validations', { data });
  const report = (await validated.json()) as { indication: string; signatures: { signer: object }[] };
  t.match(report, { indication: 'TOTAL-PASSED' });
  t.match(report.signatures[0].signer, { councilNumber: DOCTOR.councilNumber.digits });
  const root = await (await page.request.get('/ca/root.cer')).body();
  writeFileSync(join(cwd, 'root.pem'), encodePem('CERTIFICATE', root));
  const verify = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', `${file}.p7m`, '-purpose', 'any'];
  const verified = runOpenssl([...verify, '-CAfile', 'root.pem'], { cwd });
  t.ok(verified.equals(content));
});

await t.test('nobody but the agent was asked for anything, and no page broke its policy', async (t) => {
  const faults = [clerk, approver, operator].flatMap((desk) => desk.faults);
  t.strictSame(
    faults.filter((fault) => !fault.startsWith(`foreign: ${agentUrl}/`)),
    [],
  );
});

/** Resolves when Enter presses it. */
async function isFocused(key: Parameters<typeof word>[1]): Promise<void> {
  await button(key).and(page.locator(':focus')).waitFor();
}

/** The PIN is asked for again unless it was typed a moment ago; then the next step comes by itself. */
async function typedWhere(
  following: Parameters<typeof word>[1],
  typed: Record<string, string>,
): Promise<void> {
  const link = page.locator('a[target="_blank"][href*="/prompts/"]');
  const heading = page.getByRole('heading', { level: 2, name: say(following), exact: true });
  await link.or(heading).first().waitFor();
  if (await link.isVisible()) await agent.type(typed);
  await heading.waitFor();
}

/** Without a gateway, short messages go into a file of the data directory. */
async function sentCode(): Promise<string> {
  for (;;) {
    const [code] = /\b[0-9]{8}\b/.exec(readMessages()) ?? [];
    if (code !== undefined) return code;
    await page.waitForTimeout(100);
  }
}

function readMessages(): string {
  try {
    return readFileSync(service.messagesFile, 'utf8');
  } catch {
    return '';
  }
}
