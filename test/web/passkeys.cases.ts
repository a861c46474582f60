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
  await endsOtherSessions(t, language, desk);
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

/** Signed in twice: ends the other session, and proves first who they are, because a link is worth nothing beside a passkey. */
async function endsOtherSessions(t: Test, language: Language, { page, context }: Desk): Promise<void> {
  const byLink = await context.cookies();
  await context.clearCookies();
  await page.goto('/sign-in');
  await press(page, language, 'sign-in.with-passkey');
  await page.getByRole('heading', { name: word(language, 'queue.title') }).waitFor();
  await context.addCookies(byLink);
  await page.goto('/passkeys');
  const others = page.getByRole('listitem').filter({
    has: page.getByRole('button', { name: word(language, 'sessions.end'), exact: true }),
  });
  await others.first().waitFor();
  t.match(await others.first().innerText(), /Chrome, Linux[^]*127\.0\.0\.1/);
  await press(page, language, 'sessions.end-others');
  await others.first().waitFor({ state: 'detached' });
  await sees(page, language, 'sessions.current');
  t.equal(await others.count(), 0, 'the others are gone');
}
