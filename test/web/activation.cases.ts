import type { Test } from 'tap';

import { applicationBody } from '../support/applications.ts';
import {
  field,
  persianDigits,
  press,
  sees,
  speak,
  submitApplication,
  typeApplication,
  word,
} from '../support/console-acts.ts';
import { codeSentTo, mobileOf } from '../support/console-messages.ts';
import type { ConsoleService } from '../support/console-service.ts';
import type { Staff } from '../support/console-staff.ts';
import type { Language } from '../../web/i18n/language.ts';

/** For a phone whose key comes later: filed without a request, approved, and issued when the holder activates. */
export async function activatesPhone(
  t: Test,
  language: Language,
  service: ConsoleService,
  { clerk, approver }: Staff,
): Promise<void> {
  const filing = await applicationBody();
  const { nationalId } = filing.applicant;
  const { page } = clerk;
  for (const desk of [clerk, approver]) await speak(desk.page, language);
  await page.goto('/applications/new');
  await typeApplication(page, filing);
  await field(page, 'delivery').selectOption('phone');
  await field(page, 'certificationRequest').waitFor({ state: 'detached' });
  const path = await submitApplication(page, language);
  const counter = page.getByRole('region', { name: word(language, 'counter.title') });
  await counter.getByRole('textbox', { name: word(language, 'field.mobile') }).fill(mobileOf(nationalId));
  await press(counter, language, 'counter.save');
  await counter.getByRole('status').first().waitFor();

  await approver.page.goto(path);
  await sees(approver.page, language, 'document.key-later');
  await approver.page.getByRole('checkbox', { name: word(language, 'application.read') }).check();
  await press(approver.page, language, 'application.approve');
  await sees(approver.page, language, 'activation.waiting');

  await page.goto('/?state=activation');
  await page.getByRole('link', { name: `${filing.applicant.givenName} ${filing.applicant.surname}` }).click();
  await sees(page, language, 'activation.code-sms');
  await press(page, language, 'activation.renew-desk-secret');
  const dialog = page.getByRole('dialog');
  const deskSecret = await dialog.locator('bdi').innerText();
  await press(dialog, language, 'app.close');
  const code = page.getByRole('textbox', { name: word(language, 'activation.code') });
  await code.fill('00000000');
  await page.getByRole('textbox', { name: word(language, 'activation.secret') }).fill(deskSecret);
  await page
    .getByRole('textbox', { name: word(language, 'file.request-paste') })
    .fill(filing.certificationRequest);
  await press(page, language, 'activation.activate');
  await sees(page, language, 'problem.activation-refused');
  await page.getByText(language === 'fa' ? '۴' : '4', { exact: true }).waitFor();
  t.pass('a wrong one costs a try, and says so');
  await code.fill(persianDigits(await codeSentTo(service, mobileOf(nationalId))));
  await press(page, language, 'activation.activate');
  await page.getByRole('link', { name: word(language, 'application.open-certificate') }).waitFor();
  t.pass('issued');
}
