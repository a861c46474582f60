import type { Test } from 'tap';
import type { Browser } from 'playwright-core';

import { applicationBody } from '../support/applications.ts';
import { approve, fileQuietly, persianDigits, press, sees, speak, word } from '../support/console-acts.ts';
import { openDesk } from '../support/console-browser.ts';
import { codeSentTo, mobileOf } from '../support/console-messages.ts';
import type { ConsoleService } from '../support/console-service.ts';
import type { Staff } from '../support/console-staff.ts';
import type { Language } from '../../web/i18n/language.ts';

const PASSWORD = 'bahar-1405-sabz';

/** What a holder leaves at the counter lets them block their phone key at night, on a telephone's screen. */
export async function blocksAtNight(
  t: Test,
  language: Language,
  browser: Browser,
  service: ConsoleService,
  { clerk, approver }: Staff,
): Promise<void> {
  const filing = await applicationBody();
  const { nationalId } = filing.applicant;
  const { page } = clerk;
  for (const desk of [clerk, approver]) await speak(desk.page, language);
  const path = await fileQuietly(page, filing);
  await approver.page.goto(path);
  await approve(approver.page, language);
  await page.goto(path);
  const counter = page.getByRole('region', { name: word(language, 'counter.title') });
  await counter.getByRole('textbox', { name: word(language, 'field.mobile') }).fill(mobileOf(nationalId));
  await press(counter, language, 'counter.save');
  await counter.getByRole('status').first().waitFor();
  await counter.getByRole('textbox', { name: word(language, 'block.password') }).fill(PASSWORD);
  await counter
    .getByRole('button', { name: word(language, 'counter.save') })
    .last()
    .click();
  await sees(counter, language, 'counter.password-saved');

  const night = await openDesk(browser, service.origin, { language, viewport: { width: 390, height: 844 } });
  await night.page.goto('/block');
  const id = night.page.getByRole('textbox', { name: word(language, 'field.national-id') });
  await id.fill(persianDigits(nationalId));
  await press(night.page, language, 'block.send-code');
  await sees(night.page, language, 'block.code-sent');
  await night.page.getByRole('textbox', { name: word(language, 'block.code') }).fill('000000');
  await press(night.page, language, 'block.action');
  await sees(night.page, language, 'problem.self-service-refused');
  const code = await codeSentTo(service, mobileOf(nationalId));
  await night.page.getByRole('textbox', { name: word(language, 'block.code') }).fill(persianDigits(code));
  await press(night.page, language, 'block.action');
  await sees(night.page, language, 'block.done-title');
  const count = language === 'fa' ? '۱' : '1';
  await sees(night.page, language, 'block.done-held', { count });

  await night.page.reload();
  await id.fill(nationalId);
  await night.page.getByRole('radio', { name: word(language, 'block.by-password') }).check();
  await night.page.getByRole('textbox', { name: word(language, 'block.password') }).fill(PASSWORD);
  await night.page.getByRole('checkbox').check();
  await press(night.page, language, 'block.action');
  await sees(night.page, language, 'block.done-revoked', { count });
  await page.reload();
  await page.locator('main a[href^="/certificates/"]').click();
  await sees(page, language, 'status.revoked');
  t.strictSame(night.faults, []);
  await night.context.close();
}
