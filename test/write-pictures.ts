import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { systemClock } from '../core/clock.ts';
import { formatJalali } from '../core/jalali.ts';
import { applicationBody } from './support/applications.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { encodeCertId } from '../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../pki/ocsp-request.ts';
import {
  approve,
  confirm,
  field,
  fileQuietly,
  press,
  settled,
  speak,
  submitApplication,
  typeApplication,
  word,
} from './support/console-acts.ts';
import { startBrowser } from './support/console-browser.ts';
import type { Desk } from './support/console-browser.ts';
import { mobileOf } from './support/console-messages.ts';
import { startConsoleService } from './support/console-service.ts';
import { seatStaff } from './support/console-staff.ts';
import type { Staff } from './support/console-staff.ts';

// `npm run pictures`: plays a morning at an office and keeps what the screens show, for README.md and docs/fa.

const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url));
/** Waiting, approved and still to be typed. */
const DOCTORS_WAITING = 5;
const DOCTORS_ISSUED = 4;
const CARDS_DELIVERED = 40;
const CARDS_OF_OFFICE = 25;
/** To OCSP. */
const QUESTIONS = 400;

const undoings: (() => void | Promise<void>)[] = [];
try {
  await takePictures();
} finally {
  for (const undo of undoings.reverse()) await undo();
}

async function takePictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const service = await startConsoleService({ teardown: (undo) => undoings.push(undo) });
  const browser = await startBrowser();
  undoings.push(() => browser.close());
  const anybody = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await anybody.goto(`${service.origin}/sign-in`);
  await keep(anybody, 'sign-in');
  await anybody.goto(`${service.origin}/block`);
  await keep(anybody, 'block');
  const staff = await seatStaff(browser, service);
  await keep(staff.clerk.page, 'passkeys');
  await atTheDesk(staff);
  await inEnglish(staff.clerk);
}

async function atTheDesk({ clerk, approver, operator, security }: Staff): Promise<void> {
  const paths: string[] = [];
  for (let doctor = 0; doctor < DOCTORS_ISSUED + DOCTORS_WAITING; doctor += 1) {
    const filed = await clerk.page.request.post('/api/v1/applications', { data: await applicationBody() });
    paths.push(`/applications/${((await filed.json()) as { id: string }).id}`);
  }
  for (const path of paths.slice(0, DOCTORS_ISSUED)) {
    await approver.page.goto(path);
    await approve(approver.page, 'fa');
  }
  const { page } = clerk;
  await page.goto('/applications/new');
  await typeApplication(page, await applicationBody());
  await page.getByText(word('fa', 'register-result.MATCH')).nth(1).waitFor();
  await keep(page, 'file');
  await field(page, 'nationalId').fill('9990000000');
  await keep(page, 'file-wrong');
  await page.reload();
  await page.getByRole('button', { name: word('fa', 'date.choose') }).click();
  await keep(page, 'file-date');
  await page.keyboard.press('Escape');
  await typeApplication(page, await applicationBody());
  const filed = await submitApplication(page, 'fa');
  await keep(page, 'filed');
  await addPaper(page);
  await keep(page, 'evidence', { isWhole: true });
  await activation(page, approver.page);
  await page.goto('/');
  await keep(page, 'queue');
  await approver.page.goto(filed);
  await approver.page.getByRole('checkbox').check();
  await keep(approver.page, 'approval');
  await approve(approver.page, 'fa');
  await page.goto(filed);
  await keep(page, 'issued');
  await page.goto('/certificates?text=آزمایشی');
  await keep(page, 'certificates');
  await page.locator('tbody a').first().click();
  await page.getByRole('button', { name: word('fa', 'certificate.hold') }).click();
  await keep(page, 'hold');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: word('fa', 'certificate.hold') })
    .click();
  await page.getByText(word('fa', 'status.on-hold'), { exact: true }).waitFor();
  await keep(page, 'certificate');
  await page.getByRole('link', { name: word('fa', 'application.holder-file') }).click();
  await keep(page, 'holder');
  await security.page.goto('/offices');
  await keep(security.page, 'offices');
  await security.page.locator('main a[href^="/offices/"]').first().click();
  await keep(security.page, 'office');
  await proposed(security.page);
  await operator.page.goto('/certificates');
  await operator.page.locator('tbody a').nth(1).click();
  await operator.page.getByRole('button', { name: word('fa', 'certificate.revoke') }).click();
  const dialog = operator.page.getByRole('dialog');
  await dialog.getByRole('combobox').selectOption('keyCompromise');
  await keep(operator.page, 'revoke');
  await dialog.getByRole('button', { name: word('fa', 'certificate.revoke') }).click();
  await operator.page.getByText(word('fa', 'status.revoked'), { exact: true }).waitFor();
  await handOutCards({ clerk, operator });
  await inspect(security.page);
  await askStatuses(operator.page);
  await operator.page.goto('/dashboard');
  await keep(operator.page, 'dashboard', { isWhole: true });
}

/** A scan beside the case; pictures show its row. */
async function addPaper(page: Page): Promise<void> {
  const paper = { name: 'form.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };
  await page.locator('input[type=file]').setInputFiles(paper);
  await page.getByText(word('fa', 'evidence-kind.signed-form')).nth(1).waitFor();
}

/** A case whose key the holder's phone will make. */
async function activation(page: Page, approver: Page): Promise<void> {
  const { certificationRequest: _, ...filing } = await applicationBody();
  const path = await fileQuietly(page, { delivery: 'phone', ...filing });
  await page.request.put(`/api/v1${path}/contact`, {
    data: { mobile: mobileOf(filing.applicant.nationalId) },
  });
  await approver.goto(path);
  await approver.getByRole('checkbox').check();
  await press(approver, 'fa', 'application.approve');
  await approver.getByText(word('fa', 'activation.waiting')).waitFor();
  await page.goto(path);
  await keep(page, 'activation');
}

/** A new officer, who waits for the word of a second one. */
async function proposed(page: Page): Promise<void> {
  await press(page, 'fa', 'officers.add');
  await page.getByRole('dialog').getByRole('textbox').first().fill('نسترن نمونه');
  await keep(page, 'officer-new');
  await confirm(page, 'fa', 'officers.propose');
  await page.goto('/offices');
  await keep(page, 'changes');
}

/** What relying parties do all day, so that the dashboard has something to show. */
async function askStatuses(page: Page): Promise<void> {
  const { items } = await read<{ items: { serialNumber: string }[] }>(page, '/api/v1/certificates');
  const answer = await page.request.get('/ca/bronze.cer');
  const issuer = parseCertificate(await answer.body());
  for (let asked = 0; asked < QUESTIONS; asked += 1) {
    const serialNumber = Buffer.from(items[asked % items.length].serialNumber, 'hex');
    await page.request.post('/ocsp/bronze', {
      headers: { 'content-type': 'application/ocsp-request' },
      data: encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)]),
    });
  }
}

async function read<T>(page: Page, path: string): Promise<T> {
  return (await (await page.request.get(path)).json()) as T;
}

/** A delivery, the office's stock, and a card that is begun with. */
async function handOutCards({ clerk, operator }: Pick<Staff, 'clerk' | 'operator'>): Promise<void> {
  const post = async (page: Page, path: string, data: object) =>
    (await (await page.request.post(`/api/v1${path}`, { data })).json()) as { id: string };
  const serials = Array.from({ length: CARDS_DELIVERED }, (_, index) => `9A0F${0x1000 + index}`);
  const delivery = { reference: '1405/0311', cardType: 'IsoApplet 1.0', format: 'csv' };
  await post(operator.page, '/card-batches', { ...delivery, list: serials.join('\n') });
  await operator.page.goto('/card-deliveries');
  await keep(operator.page, 'card-deliveries');
  const { officeId } = await read<{ officeId: string }>(clerk.page, '/api/v1/sessions/current');
  const parcel = { officeId, serials: serials.slice(0, CARDS_OF_OFFICE) };
  await post(operator.page, '/cards/assignments', parcel);
  const { applicant } = await applicationBody();
  const form = { draft: true, profile: 'signing-card', delivery: 'card', applicant };
  const { id } = await post(clerk.page, '/applications', form);
  await post(clerk.page, '/personalisations', { applicationId: id, cardSerial: serials[0] });
  await clerk.page.goto(`/applications/${id}/card`);
  await keep(clerk.page, 'personalise');
  await clerk.page.goto('/cards');
  await keep(clerk.page, 'cards');
  await clerk.page.locator('tbody a').first().click();
  await keep(clerk.page, 'card');
}

/** The morning's certificates, and one finding. */
async function inspect(page: Page): Promise<void> {
  const { items } = await read<{ items: { id: string }[] }>(page, '/api/v1/offices');
  const today = formatJalali(systemClock.now());
  const drawn = await page.request.post('/api/v1/inspections', {
    data: { officeId: items[0].id, from: today, to: today, sampleSize: 3, dueOn: today },
  });
  const { id } = (await drawn.json()) as { id: string };
  const finding = { severity: 'minor', text: 'فرم امضاشدهٔ یکی از پرونده‌ها افزوده نشده است.' };
  await page.request.post(`/api/v1/inspections/${id}/findings`, { data: finding });
  await page.goto('/inspections');
  await keep(page, 'inspections');
  await page.goto(`/inspections/${id}`);
  await keep(page, 'inspection');
}

async function inEnglish({ page }: Desk): Promise<void> {
  await speak(page, 'en');
  await page.goto('/');
  await keep(page, 'queue-english');
  await page.setViewportSize({ width: 768, height: 1024 });
  await speak(page, 'fa');
  await page.goto('/');
  await keep(page, 'queue-tablet');
}

type Page = Desk['page'];

/** What the screen shows once nothing is under way any more; `isWhole`: what is below it, too. */
async function keep(page: Page, name: string, { isWhole = false } = {}): Promise<void> {
  await settled(page);
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.evaluate('scrollTo(0, 0)');
  await page.mouse.move(0, 0);
  const screen = page.viewportSize()!;
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  if (isWhole) await page.setViewportSize({ ...screen, height });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
  if (isWhole) await page.setViewportSize(screen);
}
