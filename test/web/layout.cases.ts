import type { Test } from 'tap';

import type { Desk } from '../support/console-browser.ts';
import { field, speak } from '../support/console-acts.ts';
import { resize } from './accessibility.cases.ts';

const SCREENS = [
  { name: 'desk', width: 1280, height: 720 },
  { name: 'tablet', width: 768, height: 1024 },
];

const DIRECTIONS = [
  ['fa', 'rtl'],
  ['en', 'ltr'],
] as const;

/** Where things stand, in both directions and on both screens. */
export async function laysOutRightToLeft(t: Test, { page }: Desk): Promise<void> {
  for (const { name, ...size } of SCREENS) {
    await resize(page, size);
    for (const [language, direction] of DIRECTIONS) {
      await speak(page, language);
      await page.goto('/applications/new');
      await field(page, 'nationalId').waitFor();
      t.equal(await page.locator('html').getAttribute('dir'), direction, `${name}, ${language}: direction`);
      t.equal(await page.locator('html').getAttribute('lang'), language);
      const menu = (await page.getByRole('navigation').boundingBox())!;
      const content = (await page.locator('main').boundingBox())!;
      t.equal(menu.x > content.x, direction === 'rtl', `${name}, ${language}: the menu begins the line`);
      for (const input of ['nationalId', 'latinName', 'certificationRequest']) {
        const written = await page.evaluate(
          `getComputedStyle(document.querySelector('[name=${input}]')).direction`,
        );
        t.equal(written, 'ltr', `${name}, ${language}: ${input} is left to right`);
      }
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      t.ok(width <= size.width, `${name}, ${language}: nothing sticks out (${width} of ${size.width})`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 });
}
