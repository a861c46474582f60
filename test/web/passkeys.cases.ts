import type { Test } from 'tap';

import { confirm, press, sees, speak, word } from '../support/console-acts.ts';
import type { Desk } from '../support/console-browser.ts';
import type { Language } from '../../web/i18n/language.ts';

/** An officer gets a new computer: registers its passkey, removes the old one, signs in with what is left. */
export async function changesPasskeys(t: Test, language: Language, desk: Desk): Promise<void> {
  const { page } = desk;
  await speak(page, language);
  await page.goto('/passkeys');
  const rows = page.getByRole('listitem').filter({
    has: page.getByRole('button', { name: word(language, 'passkeys.remove') }),
  });
  await rows.first().waitFor();
  t.equal(await rows.count(), 1);
  await desk.authenticator.forgetAll();
  await desk.authenticator.verifies(false);
  await press(page, language, 'passkeys.add');
  await sees(page, language, 'problem.passkey-cancelled');
  await desk.authenticator.verifies(true);
  const name = `<b>${language}</b>`;
  await page.getByRole('textbox', { name: word(language, 'passkeys.name') }).fill(name);
  await press(page, language, 'passkeys.add');
  await sees(page, language, 'passkeys.added');
  await rows.filter({ hasText: name }).waitFor();
  t.equal(await rows.count(), 2, 'a name with tags is text');
  await press(rows.filter({ hasNotText: name }), language, 'passkeys.remove');
  await confirm(page, language, 'passkeys.remove');
  await rows.nth(1).waitFor({ state: 'detached' });
  t.match(await rows.innerText(), name, 'the old one is gone');

  await press(page, language, 'app.sign-out');
  await page.waitForURL('**/sign-in');
  await press(page, language, 'sign-in.with-passkey');
  await page.getByRole('heading', { name: word(language, 'queue.title') }).waitFor();
  t.pass('the new passkey signs in');
}
