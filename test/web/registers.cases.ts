import type { Test } from 'tap';

import { applicationBody } from '../support/applications.ts';
import { sees, speak, submitApplication, typeApplication, word } from '../support/console-acts.ts';
import type { ConsoleService } from '../support/console-service.ts';
import type { Staff } from '../support/console-staff.ts';
import type { Language } from '../../web/i18n/language.ts';

/** A register hangs: the page says that it waits, then that nothing came; the case is filed, and not approved. Its path. */
export async function outlastsHangingRegister(
  t: Test,
  language: Language,
  { registersUrl }: ConsoleService,
  { clerk, approver, operator }: Staff,
): Promise<string> {
  for (const { page } of [clerk, approver, operator]) await speak(page, language);
  const { page } = clerk;
  await plan(registersUrl, { kind: 'hang' });
  await page.goto('/applications/new');
  await typeApplication(page, await applicationBody());
  await sees(page, language, 'file.registers-asking');
  await sees(page, language, 'register-result.UNAVAILABLE');
  await sees(page, language, 'register-reason.unavailable');
  const path = await submitApplication(page, language);

  await approver.page.goto(path);
  await sees(approver.page, language, 'problem.register-unavailable');
  const approveButton = approver.page.getByRole('button', { name: word(language, 'application.approve') });
  t.equal(await approveButton.count(), 0, 'no answer is no match');
  // Five attempts in a row have to fail, and an inquiry that is over its time may have made two: asked twice more, it is enough.
  for (let asked = 0; asked < 2; asked += 1)
    await approver.page.request.post(`/api/v1${path}/register-checks`, { timeout: 0 });
  await operator.page.goto('/dashboard');
  const row = operator.page
    .getByRole('listitem')
    .filter({ hasText: word(language, 'register.civil-registry') });
  await sees(row, language, 'dashboard.register-open');
  t.pass('the dashboard says that it is not asked for a while');
  return path;
}

/** It answers nonsense first, then as it should: asked again, the same case can be approved. */
export async function asksRegistersAgain(
  t: Test,
  language: Language,
  { registersUrl }: ConsoleService,
  { approver }: Staff,
  path: string,
): Promise<void> {
  const { page } = approver;
  /** Resolves with what each register answers now. */
  const ask = async () => {
    const answered = page.waitForResponse((response) => response.url().endsWith('/register-checks'));
    await again.click();
    const { registerAnswers } = (await (await answered).json()) as { registerAnswers: { result: string }[] };
    return registerAnswers.map(({ result }) => result);
  };
  await page.goto(path);
  const again = page.getByRole('button', { name: word(language, 'application.registers-again') });
  const civilRegistry = page.getByRole('listitem').filter({
    hasText: word(language, 'register.civil-registry'),
  });
  await plan(registersUrl, { kind: 'garbage', times: 1 });
  t.ok((await ask()).includes('UNAVAILABLE'));
  await sees(civilRegistry, language, 'register-result.UNAVAILABLE');
  await plan(registersUrl, null);
  const approve = page.getByRole('button', { name: word(language, 'application.approve') });
  // Ten seconds after the last failure the service asks again; until then its answer comes at once, and is none.
  while (!(await ask()).every((result) => result === 'MATCH'));
  await approve.waitFor();
  await sees(civilRegistry, language, 'register-result.MATCH');
  t.pass('it can be approved');
}

async function plan(registersUrl: string, fault: Record<string, unknown> | null): Promise<void> {
  const answer = await fetch(`${registersUrl}/development/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ register: 'civil-registry', fault }),
  });
  if (!answer.ok) throw new Error(`no fault is planned: ${answer.status}`);
}
