import type { Test } from 'tap';

import { systemClock } from '../../core/clock.ts';
import { formatJalali, tehranCivilDate } from '../../core/jalali.ts';
import { confirm, persianDigits, press, sees, speak, word } from '../support/console-acts.ts';
import type { Desk } from '../support/console-browser.ts';
import type { Language } from '../../web/i18n/language.ts';

const FINDING = 'فرم امضاشده نیست <script>alert(1)</script>';

/** A sample is drawn by the day's calendar, a finding recorded and kept through a reload, and the inspection closed. */
export async function inspects(t: Test, language: Language, { page }: Desk): Promise<void> {
  await speak(page, language);
  await page.goto('/inspections');
  await press(page, language, 'inspections.open');
  const dialog = page.getByRole('dialog');
  // A dialog takes the focus when it has come: keys that are pressed before go elsewhere.
  await dialog.locator(':focus').waitFor();
  for (const key of ['inspections.from', 'inspections.to', 'inspections.due'] as const) {
    const group = dialog.getByRole('group', { name: word(language, key) });
    await group.getByRole('spinbutton').first().click();
    // Digits of either script, whatever the keyboard writes.
    const today = todayOf(language);
    await page.keyboard.type(key === 'inspections.to' ? persianDigits(today) : today);
  }
  await dialog.getByRole('textbox', { name: word(language, 'inspections.size') }).fill('2');
  await confirm(page, language, 'inspections.draw');
  await page.locator('tbody a').first().click();
  await sees(page, language, 'inspection.reproducible');

  await press(page, language, 'inspection.record');
  await dialog.getByRole('textbox').fill(FINDING);
  await page.reload();
  await press(page, language, 'inspection.record');
  t.equal(await dialog.getByRole('textbox').inputValue(), FINDING, 'what was typed outlives the page');
  await dialog.getByRole('combobox').last().selectOption('minor');
  await dialog.getByRole('textbox').focus();
  await page.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('listitem').filter({ hasText: FINDING }).waitFor();
  t.pass('by keyboard, and a script in it is text');

  await press(page, language, 'inspection.close');
  await press(dialog, language, 'inspection.close');
  await sees(dialog, language, 'problem.inspection-outcome');
  await dialog.getByRole('combobox').selectOption('passed-with-findings');
  await confirm(page, language, 'inspection.close');
  await sees(page, language, 'outcome.passed-with-findings');
  t.equal(await page.getByRole('button', { name: word(language, 'inspection.record') }).count(), 0);
}

/** As it is typed into the segments: day, month, year in English, year first in Persian. */
function todayOf(language: Language): string {
  const now = systemClock.now();
  if (language === 'fa') return formatJalali(now);
  const { year, month, day } = tehranCivilDate(now);
  return [day, month, year].map((part) => String(part).padStart(2, '0')).join('');
}
