import type { Locator } from 'playwright-core';
import type { Test } from 'tap';

import { applicationBody } from '../support/applications.ts';
import {
  confirm,
  field,
  fileQuietly,
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
import { readQrCode } from '../support/read-qr-code.ts';
import type { TextKey } from '../../web/i18n/catalogue.ts';
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
  await readsByCamera(dialog, deskSecret);
  await page.emulateMedia({ media: 'print' });
  await sees(page, language, 'activation.secret-guide');
  const printed = async (key: TextKey) => page.getByText(word(language, key)).first().isVisible();
  t.strictSame(
    [await printed('activation.secret-text'), await printed('activation.title')],
    [false, false],
    'the sheet is for the holder: nothing of the case is on it',
  );
  await page.emulateMedia({ media: 'screen' });
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

  /** The code says the same as the text beside it, where the phone's app looks for it. */
  async function readsByCamera(dialog: Locator, secret: string): Promise<void> {
    const picture = dialog.getByRole('img', { name: word(language, 'activation.secret-code') });
    const size = Number((await picture.getAttribute('viewBox'))!.split(' ')[2]);
    const { origin, pathname, hash } = new URL(
      readQrCode((await picture.locator('path').getAttribute('d'))!, size),
    );
    t.strictSame([origin, pathname], [new URL(page.url()).origin, '/phone']);
    t.strictSame(Object.fromEntries(new URLSearchParams(hash.slice(1))), {
      application: path.split('/').at(-1),
      secret,
    });
  }
}

/** The holder does not come any more: the clerk withdraws what waits for them. */
export async function withdrawsActivation(
  t: Test,
  language: Language,
  { clerk, approver }: Staff,
): Promise<void> {
  const { certificationRequest: _, ...filing } = await applicationBody();
  const { page } = clerk;
  for (const desk of [clerk, approver]) await speak(desk.page, language);
  const path = await fileQuietly(page, { ...filing, delivery: 'phone' });
  await page.request.put(`/api/v1${path}/contact`, {
    data: { mobile: mobileOf(filing.applicant.nationalId) },
  });
  await approver.page.goto(path);
  await approver.page.getByRole('checkbox', { name: word(language, 'application.read') }).check();
  await press(approver.page, language, 'application.approve');
  await sees(approver.page, language, 'activation.waiting');
  t.equal(
    await approver.page.getByRole('button', { name: word(language, 'application.withdraw') }).count(),
    0,
    'not for whoever approved it',
  );
  await page.goto(path);
  await press(page, language, 'application.withdraw');
  await sees(page.getByRole('dialog'), language, 'activation.withdraw-text');
  await confirm(page, language, 'application.withdraw');
  await sees(page, language, 'application.withdrawn');
  t.pass('withdrawn');
}
