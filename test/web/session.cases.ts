import type { Test } from 'tap';

import { field, holds, speak, word } from '../support/console-acts.ts';
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
  await holds(page, 'givenName', 'شیرین');
  await holds(page, 'surname', 'آزمایشی');
  t.pass('what was typed before is there');
  await page.getByRole('button', { name: word('fa', 'file.clear') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: word('fa', 'file.clear') })
    .click();
}
