import type { Test } from 'tap';

import { field, speak, word } from '../support/console-acts.ts';
import type { Desk } from '../support/console-browser.ts';

/** The session ends while a clerk types: a passkey brings it back on the same page. */
export async function signsInAgain(t: Test, { page }: Desk): Promise<void> {
  await speak(page, 'fa');
  await page.goto('/applications/new');
  await field(page, 'givenName').fill('شیرین');
  // Elsewhere, or by a manager.
  await page.request.delete('/api/v1/sessions/current', { headers: { 'sec-fetch-site': 'same-origin' } });
  await page.getByRole('searchbox').first().fill('شیرین');
  await field(page, 'surname').fill('آزمایشی');
  await page.getByRole('button', { name: word('fa', 'file.submit') }).click();
  await page.evaluate("fetch('/api/v1/applications').then(() => undefined)");
  await page
    .getByRole('link', { name: word('fa', 'nav.queue') })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: word('fa', 'session.lost-title') });
  await dialog.getByRole('button', { name: word('fa', 'session.sign-in-again') }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.goto('/applications/new');
  t.equal(await field(page, 'givenName').inputValue(), 'شیرین');
  t.equal(await field(page, 'surname').inputValue(), 'آزمایشی');
  await page.getByRole('button', { name: word('fa', 'file.clear') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: word('fa', 'file.clear') })
    .click();
}
