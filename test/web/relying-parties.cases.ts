import type { Test } from 'tap';

import { confirm, speak, word } from '../support/console-acts.ts';
import type { Staff } from '../support/console-staff.ts';
import type { Language } from '../../web/i18n/language.ts';

/** The operator lets a relying party hand in digests, and ends it; security officers see it, and change nothing. */
export async function allowsDigests(
  t: Test,
  language: Language,
  { operator, security }: Pick<Staff, 'operator' | 'security'>,
): Promise<void> {
  const [id, displayedName] = [`his-${language}`, `<b>HIS</b> ${language}`];
  const data = { id, displayedName, patientView: 'masked', callbackUrls: [] };
  t.equal((await operator.page.request.post('/api/v1/relying-parties', { data })).status(), 201);
  for (const { page } of [operator, security]) {
    await speak(page, language);
    await page.goto('/relying-parties');
  }
  const row = operator.page.getByRole('listitem').filter({ hasText: displayedName });
  const toggle = row.getByRole('switch');
  t.notOk(await toggle.isChecked());
  await toggle.focus();
  await operator.page.keyboard.press('Space');
  t.notOk(await toggle.isChecked(), 'it is asked first');
  await confirm(operator.page, language, 'relying-parties.digests-allow');
  await row.getByRole('switch', { checked: true }).waitFor();
  t.equal(await isAllowed(), true);

  await security.page.reload();
  const seen = security.page.getByRole('listitem').filter({ hasText: displayedName });
  await seen.getByText(word(language, 'relying-parties.digests')).waitFor();
  t.equal(await seen.getByRole('switch').count(), 0);

  await toggle.focus();
  await operator.page.keyboard.press('Space');
  await confirm(operator.page, language, 'relying-parties.digests-end');
  await row.getByRole('switch', { checked: false }).waitFor();
  t.equal(await isAllowed(), false);

  async function isAllowed(): Promise<boolean | undefined> {
    const answer = await security.page.request.get('/api/v1/relying-parties');
    const { items } = (await answer.json()) as { items: { id: string; mayHandInDigests: boolean }[] };
    return items.find((party) => party.id === id)?.mayHandInDigests;
  }
}
