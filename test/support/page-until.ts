import { setTimeout as pause } from 'node:timers/promises';

import type { Page } from 'playwright-core';

/** Far more than any page takes, on a machine with much else to do. */
const PATIENCE = 90_000;
const PAUSE = 50;

/**
 * Waits until an expression holds in a page; it may be a promise. Asked from outside each time: what Playwright's own waiting asks again
 * in the page is `eval`, which the pages' Content Security Policy refuses.
 */
export async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await page.evaluate<boolean>(`Promise.resolve(${expression}).then(Boolean)`))) {
    if (Date.now() > end) throw new Error(`after ${PATIENCE} ms it is not so: ${expression}`);
    await pause(PAUSE);
  }
}
