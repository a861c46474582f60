import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';

import { systemClock } from '../../core/clock.ts';
import { formatJalali } from '../../core/jalali.ts';
import type { TextKey } from '../../web/i18n/catalogue.ts';
import type { Language } from '../../web/i18n/language.ts';
import { LANGUAGES } from '../../web/i18n/language.ts';
import { applicationBody } from '../support/applications.ts';
import { fileQuietly, press, sees, settled, speak } from '../support/console-acts.ts';
import { openDesk } from '../support/console-browser.ts';
import { mobileOf } from '../support/console-messages.ts';
import type { ConsoleService } from '../support/console-service.ts';
import type { Staff } from '../support/console-staff.ts';
import { until } from '../support/page-until.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SCREENS = [
  { width: 1280, height: 720 },
  { width: 768, height: 1024 },
];
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** After the next picture: a new width has reached the layout. */
const DRAWN = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))';

/** A colour or a button on its way from one state to the next is of neither; what turns for ever is not waited for. */
const AT_REST = `Promise.all(document.getAnimations()
  .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => undefined))).then(() => undefined)`;

interface Visit {
  who: keyof Staff | 'anybody';
  path: string;
  /** A button to press there: dialogs are looked at too. */
  opens?: TextKey;
  /** The service fails on whatever the page asks for. */
  fails?: boolean;
}

/** The checker is injected, which the console's policy forbids: only these browsers pass it by. */
export async function findsNoViolation(
  t: Test,
  browser: Browser,
  service: ConsoleService,
  staff: Staff,
): Promise<void> {
  const visits = await everyPage(staff);
  // Side by side: most of the time is spent waiting for pages.
  await Promise.all(LANGUAGES.map((language) => visitAll(language)));

  async function visitAll(language: Language): Promise<void> {
    const { page, context } = await openDesk(browser, service.origin, { language, bypassCSP: true });
    for (const { who, path, opens, fails } of visits) {
      await context.clearCookies();
      if (who !== 'anybody') await context.addCookies(await staff[who].context.cookies());
      if (fails) await page.route(/\/api\/v1\/(?!sessions)/, (route) => route.fulfill({ status: 503 }));
      await page.setViewportSize(SCREENS[0]);
      await page.goto(path);
      await settled(page);
      if (opens) {
        await press(page.locator('main'), language, opens);
        await page.getByRole('dialog').waitFor();
      }
      for (const screen of SCREENS) {
        await resize(page, screen);
        await fits(t, page, `${language} ${screen.width} ${path} ${opens ?? ''}`, screen.width);
        // What changes with the width changes alike in both languages.
        if (language === 'fa' || screen === SCREENS[0])
          await check(t, page, `${language} ${path} ${opens ?? ''}`);
      }
      await page.unrouteAll();
    }
    await context.close();
  }
}

/** Resolves when the page is laid out for the new size. */
export async function resize(page: Page, screen: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(screen);
  await until(page, `innerWidth === ${screen.width}`);
  await page.evaluate(DRAWN);
}

/** One title, and nothing sticks out. */
export async function fits(t: Test, page: Page, name: string, width: number): Promise<void> {
  t.equal(
    await page.getByRole('heading', { level: 1, includeHidden: true }).count(),
    1,
    `${name}: one title`,
  );
  const written = await page.evaluate<number>('document.documentElement.scrollWidth');
  t.ok(written <= width, `${name}: nothing sticks out (${written})`);
}

/** WCAG 2.2 AA, as far as a program can tell. */
export async function check(t: Test, page: Page, name: string): Promise<void> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE);
  await page.evaluate(AT_REST);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: TAGS } });
  const results = await page.evaluate<AxeResults>(`axe.run(${options})`);
  const found = results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  t.strictSame(found, [], name);
}

/** Every page of the console, by somebody who has work there, with something on it; and pages that fail. */
async function everyPage(staff: Staff): Promise<Visit[]> {
  const { clerk, approver, security, operator } = staff;
  const party = 'his-pages';
  const terms = {
    displayedName: 'HIS',
    patientView: 'masked',
    callbackUrls: ['https://his.example/callback'],
  };
  await operator.page.request.post('/api/v1/relying-parties', { data: { id: party, ...terms } });
  const ask = async <T>(page: Page, path: string) =>
    (await (await page.request.get(`/api/v1${path}`)).json()) as T;
  const waiting = await fileQuietly(clerk.page, await applicationBody());
  const { certificationRequest: _, ...draft } = await applicationBody();
  const saved = await fileQuietly(clerk.page, { draft: true, ...draft });
  const activating = await fileQuietly(clerk.page, { delivery: 'phone', ...draft });
  const mobile = mobileOf(draft.applicant.nationalId);
  await clerk.page.request.put(`/api/v1${activating}/contact`, { data: { mobile } });
  await speak(approver.page, 'en');
  await approver.page.goto(activating);
  await approver.page.getByRole('checkbox').check();
  await press(approver.page, 'en', 'application.approve');
  await sees(approver.page, 'en', 'activation.title');
  const { items: certificates } = await ask<{
    items: { authority: string; serialNumber: string; applicant: { nationalId: string } }[];
  }>(clerk.page, '/certificates');
  const [{ authority, serialNumber, applicant }] = certificates;
  const { items: offices } = await ask<{ items: { id: string }[] }>(security.page, '/offices');
  const inspection = await drawToday(security.page, offices[0].id);
  return [
    ...(await cardPages(staff)),
    { who: 'anybody', path: '/sign-in' },
    { who: 'anybody', path: '/block' },
    { who: 'clerk', path: '/' },
    { who: 'clerk', path: '/applications/new' },
    { who: 'clerk', path: `${saved}/edit` },
    { who: 'approver', path: saved },
    { who: 'clerk', path: waiting, opens: 'application.withdraw' },
    { who: 'approver', path: waiting },
    { who: 'clerk', path: activating },
    { who: 'manager', path: activating, opens: 'activation.renew-letter' },
    { who: 'clerk', path: '/certificates' },
    { who: 'clerk', path: `/certificates/${authority}/${serialNumber}` },
    { who: 'operator', path: `/certificates/${authority}/${serialNumber}`, opens: 'certificate.revoke' },
    { who: 'clerk', path: `/holders/${applicant.nationalId}` },
    { who: 'manager', path: '/offices' },
    { who: 'security', path: `/offices/${offices[0].id}`, opens: 'officers.add' },
    { who: 'security', path: '/inspections', opens: 'inspections.open' },
    { who: 'security', path: `/inspections/${inspection}` },
    { who: 'operator', path: '/relying-parties', opens: 'relying-parties.register' },
    { who: 'operator', path: `/relying-parties/${party}`, opens: 'relying-party.add' },
    { who: 'operator', path: '/dashboard' },
    { who: 'clerk', path: '/passkeys' },
    { who: 'clerk', path: `/applications/${NOBODY}` },
    { who: 'clerk', path: '/dashboard' },
    { who: 'operator', path: `/certificates/${authority}/${serialNumber}`, fails: true },
    { who: 'operator', path: '/dashboard', fails: true },
  ];
}

async function drawToday(page: Page, officeId: string): Promise<string> {
  const today = formatJalali(systemClock.now());
  const data = { officeId, from: today, to: today, sampleSize: 2, dueOn: today };
  const drawn = (await (await page.request.post('/api/v1/inspections', { data })).json()) as { id: string };
  const finding = { severity: 'note', text: 'یافته' };
  await page.request.post(`/api/v1/inspections/${drawn.id}/findings`, { data: finding });
  return drawn.id;
}

/** A card of the office, one that is on its way, and where they come from. */
async function cardPages({ clerk, operator }: Pick<Staff, 'clerk' | 'operator'>): Promise<Visit[]> {
  const send = async (page: Page, path: string, data: object) =>
    (await (await page.request.post(`/api/v1${path}`, { data })).json()) as {
      id: string;
      items: { id: string }[];
    };
  const delivery = { reference: 'axe', cardType: 'IsoApplet', format: 'csv', list: 'AXE1' };
  await send(operator.page, '/card-batches', delivery);
  const current = await clerk.page.request.get('/api/v1/sessions/current');
  const { officeId } = (await current.json()) as { officeId: string };
  const { items } = await send(operator.page, '/cards/assignments', { officeId, serials: ['AXE1'] });
  const form = { draft: true, profile: 'signing-card', delivery: 'card' };
  const waiting = await fileQuietly(clerk.page, form);
  const begun = await fileQuietly(clerk.page, form);
  const applicationId = begun.slice('/applications/'.length);
  await send(clerk.page, '/personalisations', { applicationId, cardSerial: 'AXE1' });
  return [
    { who: 'clerk', path: `${waiting}/card` },
    { who: 'clerk', path: `${begun}/card`, opens: 'personalise.give-up' },
    { who: 'clerk', path: `/cards/${items[0].id}` },
    { who: 'clerk', path: '/cards' },
    { who: 'operator', path: '/cards', opens: 'cards.assign' },
    { who: 'operator', path: '/card-deliveries', opens: 'deliveries.import' },
  ];
}
