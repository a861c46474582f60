import type { Test } from 'tap';
import type { Browser, Page } from 'playwright-core';

import { applicationBody } from '../support/applications.ts';
import {
  approve,
  confirm,
  fileQuietly,
  press,
  sees,
  signInByLink,
  speak,
  word,
} from '../support/console-acts.ts';
import { openDesk } from '../support/console-browser.ts';
import type { Desk } from '../support/console-browser.ts';
import type { ConsoleService } from '../support/console-service.ts';
import type { Staff } from '../support/console-staff.ts';
import type { Language } from '../../web/i18n/language.ts';

/** An approving officer comes, decides in a race with a colleague, gets another role and is removed, each by the word of two. */
export async function managesOfficers(
  t: Test,
  language: Language,
  browser: Browser,
  { origin }: ConsoleService,
  { clerk, approver, manager, security }: Staff,
): Promise<void> {
  const name = language === 'fa' ? 'تأییدکنندهٔ دوم' : 'Second approver';
  for (const { page } of [clerk, approver, manager, security]) await speak(page, language);
  await openOffice(manager.page);
  await press(manager.page, language, 'officers.add');
  const dialog = manager.page.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill(name);
  await dialog.getByRole('checkbox', { name: word(language, 'role.clerk') }).uncheck();
  await dialog.getByRole('checkbox', { name: word(language, 'role.approving-officer') }).check();
  await dialog.getByRole('textbox').first().press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await manager.page.goto('/offices');
  await sees(manager.page, language, 'changes.own');
  t.equal(await confirmButtons(manager.page), 0, 'nobody confirms their own proposal');
  const [{ id }] = (
    (await (await manager.page.request.get('/api/v1/officer-changes?state=pending')).json()) as {
      items: { id: string }[];
    }
  ).items;
  const alone = await manager.page.request.post(`/api/v1/officer-changes/${id}/confirm`);
  t.match(await alone.json(), { code: 'four-eyes' }, 'and the service refuses it');
  await confirmFirst(security.page);

  await openOffice(manager.page);
  const row = manager.page.getByRole('listitem').filter({ hasText: name });
  await press(row, language, 'officers.link');
  await press(dialog, language, 'officers.link-make');
  const link = await dialog.getByText('#').innerText();
  await press(dialog, language, 'app.close');
  const second = await openDesk(browser, origin, { language });
  await signInByLink(second.page, language, new URL(link).hash.slice(1));
  await raceOfTwo(second);

  await revokesLostToken(second);

  await changeRoles(row);
  await confirmFirst(security.page);
  await second.page.goto('/');
  await second.page
    .getByRole('link', { name: word(language, 'nav.new') })
    .first()
    .waitFor();
  t.pass('roles count from the next page on');

  await second.page.goto('/applications/new');
  await second.page.locator('[name=givenName]').fill('شیرین');
  await openOffice(manager.page);
  await press(row, language, 'officers.remove');
  await confirm(manager.page, language, 'officers.propose');
  await confirmFirst(security.page);
  await press(second.page, language, 'file.save-draft');
  const lost = second.page.getByRole('dialog', { name: word(language, 'session.lost-title') });
  await press(lost, language, 'session.sign-in-again');
  await lost.getByRole('alert').waitFor();
  t.equal(await second.page.locator('[name=givenName]').inputValue(), 'شیرین');
  t.pass('who was removed is out at once, and their passkey opens nothing');
  t.strictSame(second.faults, []);
  await second.context.close();

  function confirmButtons(page: Page): Promise<number> {
    return page.getByRole('button', { name: word(language, 'changes.confirm'), exact: true }).count();
  }

  async function openOffice(page: Page): Promise<void> {
    await page.goto('/offices');
    await page.locator('main a[href^="/offices/"]').first().click();
    await page.getByRole('heading', { name: word(language, 'officers.title') }).waitFor();
  }

  async function confirmFirst(page: Page): Promise<void> {
    await page.goto('/offices');
    await press(page, language, 'changes.confirm');
    await sees(page, language, 'changes.none');
  }

  /** A token is lost: its certificate ends, its officer is out, and comes back with their passkey. */
  async function revokesLostToken({ page }: Desk): Promise<void> {
    const { certificationRequest } = await applicationBody();
    const asked = await page.request.post('/api/v1/officer-certificates', { data: { certificationRequest } });
    t.equal(asked.status(), 202);
    await confirmFirst(security.page);
    await openOffice(manager.page);
    await press(row, language, 'officers.certificates');
    await press(dialog, language, 'officers.certificate-revoke');
    await sees(dialog, language, 'officers.certificate-revoke-text');
    await press(dialog, language, 'officers.certificate-revoke');
    await sees(dialog, language, 'officers.certificate-ended');
    await press(dialog, language, 'app.close');
    await page.goto('/');
    await press(page, language, 'sign-in.with-passkey');
    await page.getByRole('heading', { name: word(language, 'queue.title') }).waitFor();
    t.pass('the sessions are over, the passkey is not');
  }

  async function changeRoles(officer: typeof row): Promise<void> {
    await openOffice(manager.page);
    await press(officer, language, 'officers.set-roles');
    await dialog.getByRole('checkbox', { name: word(language, 'role.approving-officer') }).uncheck();
    await dialog.getByRole('checkbox', { name: word(language, 'role.clerk') }).check();
    await confirm(manager.page, language, 'officers.propose');
  }

  /** Two read the same application; one of them is quicker. */
  async function raceOfTwo({ page }: Desk): Promise<void> {
    const path = await fileQuietly(clerk.page, await applicationBody());
    for (const one of [page, approver.page]) {
      await one.goto(path);
      await one.getByRole('checkbox', { name: word(language, 'application.read') }).check();
    }
    await approve(approver.page, language);
    await press(page, language, 'application.approve');
    await sees(page, language, 'application.decided-meanwhile', { state: word(language, 'state.issued') });
    await page.getByRole('link', { name: word(language, 'application.open-certificate') }).waitFor();
    t.pass('the slower one is told, and sees the certificate');

    const stale = await fileQuietly(clerk.page, await applicationBody());
    await page.goto(stale);
    await page.getByRole('checkbox', { name: word(language, 'application.read') }).check();
    await clerk.page.goto(stale);
    await press(clerk.page, language, 'application.withdraw');
    await confirm(clerk.page, language, 'application.withdraw');
    await press(page, language, 'application.reject');
    const reject = page.getByRole('dialog');
    await reject.getByRole('textbox').fill('عکس خوانا نیست.');
    await press(reject, language, 'application.reject');
    await sees(page, language, 'application.decided-meanwhile', { state: word(language, 'state.withdrawn') });
    t.pass('a page that is old is brought up to date');
  }
}
