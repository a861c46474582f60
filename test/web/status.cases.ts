import type { Test } from 'tap';

import { applicationBody } from '../support/applications.ts';
import { approve, confirm, fileQuietly, press, sees, speak } from '../support/console-acts.ts';
import type { Staff } from '../support/console-staff.ts';
import type { Language } from '../../web/i18n/language.ts';

/** A card is lost, found again, and lost for good: hold, release, revocation, each by whom it is for. */
export async function changesStatus(
  t: Test,
  language: Language,
  { clerk, approver, operator }: Staff,
): Promise<void> {
  for (const { page } of [clerk, approver, operator]) await speak(page, language);
  const path = await fileQuietly(clerk.page, await applicationBody());
  await approver.page.goto(path);
  await approve(approver.page, language);
  const { page } = clerk;
  await page.goto(path);
  await press(page, language, 'application.accept');
  await confirm(page, language, 'application.accept');
  await sees(page, language, 'application.accepted');
  await page.locator('main a[href^="/certificates/"]').click();
  await press(page, language, 'certificate.hold');
  await confirm(page, language, 'certificate.hold');
  await sees(page, language, 'certificate.causes');
  const certificate = new URL(page.url()).pathname;

  // Opened before the release: an old page.
  await operator.page.goto(certificate);
  await press(operator.page, language, 'certificate.release');
  await confirm(operator.page, language, 'certificate.release');
  await sees(operator.page, language, 'event.released');
  t.equal(await operator.page.locator('main ol > li').count(), 3, 'issued, held, released');
  await press(operator.page, language, 'certificate.revoke');
  const dialog = operator.page.getByRole('dialog');
  await dialog.getByRole('combobox').selectOption('superseded');
  const revoked = await operator.page.request.post(`/api/v1${certificate}/revoke`, {
    data: { reason: 'keyCompromise' },
  });
  t.equal(revoked.status(), 200, 'a colleague was quicker');
  await press(dialog, language, 'certificate.revoke');
  await sees(operator.page, language, 'problem.status-transition');
  await sees(operator.page, language, 'reason.keyCompromise');
  t.pass('the page says so, and shows what is true now');
}
