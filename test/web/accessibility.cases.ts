import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';

import type { Language } from '../../web/i18n/language.ts';
import { LANGUAGES } from '../../web/i18n/language.ts';
import { openDesk } from '../support/console-browser.ts';
import type { Desk } from '../support/console-browser.ts';
import type { ConsoleService } from '../support/console-service.ts';
import type { Staff } from '../support/console-staff.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Pages by who sees them; those of one thing are found by following the first link to it. */
const PAGES: readonly [who: keyof Staff | 'anybody', paths: readonly string[]][] = [
  ['anybody', ['/sign-in', '/block']],
  ['clerk', ['/', '/applications/new', '/certificates', '/passkeys']],
  ['operator', ['/dashboard', '/offices', '/cards', '/card-deliveries']],
  ['security', ['/inspections']],
];
const LINKED: readonly [who: keyof Staff, from: string, link: string][] = [
  ['clerk', '/', 'a[href^="/applications/0"]'],
  ['approver', '/?state=submitted', 'a[href^="/applications/0"]'],
  ['clerk', '/certificates', 'tbody a[href^="/certificates/"]'],
  ['security', '/offices', 'a[href^="/offices/"]'],
];

/** The checker is injected, which the console's policy forbids: only these browsers pass it by. */
export async function findsNoViolation(
  t: Test,
  browser: Browser,
  { origin }: ConsoleService,
  staff: Staff,
): Promise<void> {
  const pages = [...PAGES, ['clerk', await cardPages(staff)] as const];
  for (const language of LANGUAGES) {
    for (const [who, paths] of pages) {
      const { page, context } = await deskOf(who, language);
      for (const path of paths) {
        await page.goto(path);
        await check(page, `${language} ${path}`);
      }
      await context.close();
    }
    for (const [who, from, link] of LINKED) {
      const { page, context } = await deskOf(who, language);
      await page.goto(from);
      await page.locator(link).first().click();
      await check(page, `${language} ${from} → ${link}`);
      await context.close();
    }
  }

  async function deskOf(who: keyof Staff | 'anybody', language: Language): Promise<Desk> {
    const desk = await openDesk(browser, origin, { language, bypassCSP: true });
    if (who !== 'anybody') await desk.context.addCookies(await staff[who].context.cookies());
    return desk;
  }

  async function check(page: Page, name: string): Promise<void> {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    await page.evaluate(AXE);
    const options = JSON.stringify({ runOnly: { type: 'tag', values: TAGS } });
    const results = await page.evaluate<AxeResults>(`axe.run(${options})`);
    const found = results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    t.strictSame(found, [], name);
  }
}

/** A card of the office, and one that is on its way. */
async function cardPages({ clerk, operator }: Staff): Promise<string[]> {
  const send = async (desk: Desk, path: string, data: object) =>
    (await (await desk.page.request.post(`/api/v1${path}`, { data })).json()) as {
      id: string;
      items: { id: string }[];
    };
  const delivery = { reference: 'axe', cardType: 'IsoApplet', format: 'csv', list: 'AXE1' };
  await send(operator, '/card-batches', delivery);
  const current = await clerk.page.request.get('/api/v1/sessions/current');
  const { officeId } = (await current.json()) as { officeId: string };
  const { items } = await send(operator, '/cards/assignments', { officeId, serials: ['AXE1'] });
  const form = { draft: true, profile: 'signing-card', delivery: 'card' };
  const waiting = await send(clerk, '/applications', form);
  const begun = await send(clerk, '/applications', form);
  await send(clerk, '/personalisations', { applicationId: begun.id, cardSerial: 'AXE1' });
  return [
    `/applications/${waiting.id}/card`,
    `/applications/${begun.id}/card`,
    `/cards/${items[0].id}`,
    '/cards',
  ];
}
