import type { Test } from 'tap';

import { applicationBody } from '../support/applications.ts';
import { persianDigits, speak, word } from '../support/console-acts.ts';
import type { Desk } from '../support/console-browser.ts';

/** More stops than any page has. */
const TABS_MAX = 60;

/** From the work queue to a filed application without touching the mouse. */
export async function filesByKeyboard(t: Test, { page }: Desk): Promise<void> {
  const { applicant, certificationRequest } = await applicationBody();
  await speak(page, 'fa');
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  t.equal(await focusedText(), word('fa', 'app.skip'), 'the first stop skips the menu');
  await tabTo((text) => text === word('fa', 'nav.new'));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/applications/new');
  const entries: [name: string, text: string][] = [
    ['nationalId', persianDigits(applicant.nationalId)],
    ['councilDigits', applicant.councilNumber.digits],
    ['givenName', applicant.givenName],
    ['surname', applicant.surname],
    ['latinName', applicant.latinName],
    ['certificationRequest', certificationRequest],
  ];
  for (const [name, text] of entries) {
    await tabTo((_, field) => field === name);
    await page.keyboard.insertText(text);
  }
  await page.keyboard.press('Control+Enter');
  await page.getByText(word('fa', 'file.filed-title')).waitFor();
  t.pass('filed');
  await page.keyboard.press('Alt+n');
  await page.waitForURL('**/applications/new');
  await page.keyboard.press('Alt+q');
  await page.getByRole('heading', { name: word('fa', 'queue.title') }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type(applicant.latinName);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/certificates?text=*');
  t.pass('shortcuts lead to a new application, to the queue and to search');

  async function tabTo(isThere: (text: string, name: string) => boolean): Promise<void> {
    for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
      if (isThere(await focusedText(), await focusedName())) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('the keyboard does not get there');
  }

  function focusedText(): Promise<string> {
    return page.evaluate("document.activeElement?.textContent?.trim() ?? ''");
  }

  function focusedName(): Promise<string> {
    return page.evaluate("document.activeElement?.getAttribute('name') ?? ''");
  }
}
