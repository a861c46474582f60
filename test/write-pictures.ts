import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { systemClock } from '../core/clock.ts';
import { formatJalali } from '../core/jalali.ts';
import { applicationBody } from './support/applications.ts';
import { approve, field, speak, submitApplication, typeApplication, word } from './support/console-acts.ts';
import { startBrowser } from './support/console-browser.ts';
import type { Desk } from './support/console-browser.ts';
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
  await page.goto('/');
  await keep(page, 'queue');
  await approver.page.goto(filed);
  await approver.page.getByRole('checkbox').check();
  await keep(approver.page, 'approval');
  await approve(approver.page, 'fa');
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
  await operator.page.goto('/dashboard');
  await keep(operator.page, 'dashboard');
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
  const current = await clerk.page.request.get('/api/v1/sessions/current');
  const { officeId } = (await current.json()) as { officeId: string };
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
  const { items } = (await (await page.request.get('/api/v1/offices')).json()) as { items: { id: string }[] };
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

/** What the screen shows once nothing is under way any more. */
async function keep(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.locator('.mantine-Skeleton-root, .mantine-Loader-root').first().waitFor({ state: 'detached' });
  await page.evaluate('scrollTo(0, 0)');
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
