import type { Test } from 'tap';

import { applicationBody } from '../support/applications.ts';
import { field, persianDigits, speak, tabTo, word } from '../support/console-acts.ts';
import type { Desk } from '../support/console-browser.ts';

/** From the work queue to a filed application without touching the mouse. */
export async function filesByKeyboard(t: Test, { page }: Desk): Promise<void> {
  const { applicant, certificationRequest } = await applicationBody();
  await speak(page, 'fa');
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: word('fa', 'app.skip'), exact: true });
  await skip.and(page.locator(':focus')).waitFor();
  t.pass('the first stop skips the menu');
  await tabTo(page, page.getByRole('link', { name: word('fa', 'nav.new') }).first());
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
    await tabTo(page, field(page, name));
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
}
