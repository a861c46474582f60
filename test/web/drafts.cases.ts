import type { Test } from 'tap';
import type { Browser } from 'playwright-core';

import { applicationBody } from '../support/applications.ts';
import {
  field,
  fileQuietly,
  holds,
  press,
  sees,
  speak,
  typeApplication,
  word,
} from '../support/console-acts.ts';
import { openDesk } from '../support/console-browser.ts';
import type { Language } from '../../web/i18n/language.ts';
import type { ConsoleService } from '../support/console-service.ts';
import type { Staff } from '../support/console-staff.ts';

/** A draft is saved on one computer and taken up on another; who is late there is told so and loses nothing. */
export async function takesUpDrafts(
  t: Test,
  language: Language,
  browser: Browser,
  { origin }: ConsoleService,
  { clerk }: Staff,
): Promise<void> {
  const filing = await applicationBody();
  const { applicant } = filing;
  const name = `${applicant.givenName} ${applicant.surname}`;
  const { page } = clerk;
  await speak(page, language);
  await page.goto('/applications/new');
  await typeApplication(page, filing);
  await field(page, 'latinName').fill('');
  await press(page, language, 'file.save-draft');
  await page.waitForURL('**/edit');

  const other = await openDesk(browser, origin, { language });
  await other.context.addCookies(await clerk.context.cookies());
  await other.page.goto('/?state=draft');
  const search = other.page.getByRole('textbox', { name: word(language, 'queue.search') });
  await search.fill('Nobody');
  await sees(other.page, language, 'queue.empty-search', { text: 'Nobody' });
  // As Arabic keyboards write it.
  await search.fill(applicant.surname.replaceAll('ی', 'ي').replaceAll('ک', 'ك'));
  await other.page.getByRole('link', { name }).click();
  await holds(other.page, 'givenName', applicant.givenName);
  await field(other.page, 'latinName').fill(applicant.latinName);
  await press(other.page, language, 'file.save-draft');
  await sees(other.page, language, 'file.saved-draft');

  await field(page, 'latinName').fill('Too Late');
  await press(page, language, 'file.save-draft');
  await sees(page, language, 'file.changed-meanwhile');
  t.equal(await field(page, 'latinName').inputValue(), 'Too Late', 'what the late one typed is still there');
  await press(page, language, 'file.load-theirs');
  await holds(page, 'latinName', applicant.latinName);
  t.pass('and gives way when they say so');

  // Twice within one moment, as an impatient hand does.
  const sent: string[] = [];
  other.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/submit')) sent.push(request.url());
  });
  await other.page.getByRole('button', { name: word(language, 'file.submit') }).dblclick();
  await sees(other.page, language, 'file.filed-title');
  t.equal(sent.length, 1, 'filed once');
  t.match(await other.page.getByRole('heading', { level: 1 }).innerText(), name);
  await other.page.goto(await fileQuietly(other.page, { draft: true, profile: filing.profile }).then(editOf));
  await press(other.page, language, 'file.discard');
  await press(other.page.getByRole('dialog'), language, 'file.discard');
  await other.page.waitForURL('**/?state=draft');
  await sees(other.page, language, 'queue.empty');
  t.pass('a draft that nobody needs is gone');
  await other.context.close();
}

function editOf(path: string): string {
  return `${path}/edit`;
}
