import type { Test } from 'tap';

import type { Language } from '../../web/i18n/language.ts';
import { applicationBody } from '../support/applications.ts';
import {
  approve,
  field,
  persianDigits,
  speak,
  submitApplication,
  typeApplication,
  word,
  holds,
} from '../support/console-acts.ts';
import type { Staff } from '../support/console-staff.ts';

/** The main job, by two officers, in one language; with a line that breaks in the middle of it. */
export async function enrols(t: Test, language: Language, staff: Staff): Promise<void> {
  const filing = await applicationBody();
  const { applicant } = filing;
  const fullName = `${applicant.givenName} ${applicant.surname}`;
  const say = (key: Parameters<typeof word>[1], values?: Record<string, string>) =>
    word(language, key, values);
  const clerk = staff.clerk.page;
  const approver = staff.approver.page;
  for (const desk of Object.values(staff)) await speak(desk.page, language);

  await clerk.goto('/applications/new');
  await typeApplication(clerk, filing);
  t.equal(
    await field(clerk, 'surname').inputValue(),
    applicant.surname,
    'Arabic letters become Persian ones',
  );
  const shown = language === 'fa' ? persianDigits(applicant.nationalId) : applicant.nationalId;
  t.equal(await field(clerk, 'nationalId').inputValue(), shown, 'digits of the language');
  await clerk.getByText(say('register-result.MATCH')).nth(1).waitFor();
  t.pass('both registers are asked while typing');

  await staff.clerk.context.setOffline(true);
  await clerk.getByRole('button', { name: say('file.submit') }).click();
  await clerk.getByText(say('problem.connection')).waitFor();
  await clerk.getByText(say('connection.lost')).waitFor();
  t.pass('the console says that the line is broken');
  await staff.clerk.context.setOffline(false);
  await clerk.reload();
  await clerk.getByText(say('file.restored')).waitFor();
  await holds(clerk, 'latinName', applicant.latinName);
  t.pass('nothing typed is lost');
  const path = await submitApplication(clerk, language);
  await clerk.getByText(say('application.own')).waitFor();
  t.pass('who filed does not approve');

  await approver.goto('/');
  await approver.getByRole('link', { name: fullName }).click();
  await approver.waitForURL(`**${path}`);
  const line = (key: Parameters<typeof word>[1]) => approver.locator('dl div', { hasText: say(key) }).first();
  t.match(await line('subject.surname').innerText(), applicant.surname, 'what will be issued is shown');
  t.match(await line('subject.commonName').innerText(), applicant.latinName);
  const approveButton = approver.getByRole('button', { name: say('application.approve') });
  t.ok(await approveButton.isDisabled(), 'nobody approves unread');
  await approve(approver, language);

  await clerk
    .getByRole('searchbox', { name: say('app.find') })
    .first()
    .fill(persianDigits(applicant.nationalId));
  await clerk.keyboard.press('Enter');
  await clerk.getByRole('link', { name: fullName }).click();
  await clerk.getByRole('button', { name: say('certificate.hold') }).click();
  await clerk
    .getByRole('dialog')
    .getByRole('button', { name: say('certificate.hold') })
    .click();
  await clerk.getByRole('heading', { level: 1 }).waitFor();
  await clerk.getByText(say('status.on-hold'), { exact: true }).waitFor();
  t.pass('the certificate is on hold');
  await clerk.getByRole('link', { name: say('application.holder-file') }).click();
  await clerk.getByText(say('timeline.held')).waitFor();
  t.pass('the holder file tells of it');
}
