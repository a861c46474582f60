import { generateKeyPairSync } from 'node:crypto';

import type { Test } from 'tap';

import { confirm, press, sees, speak, word } from '../support/console-acts.ts';
import type { Staff } from '../support/console-staff.ts';
import type { RelyingParty } from '../../web/client/types.ts';
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

/** The operator registers a system and gives it a key; a secret one is not sent; it is changed, disabled and enabled. */
export async function registersParty(
  t: Test,
  language: Language,
  { operator, security }: Pick<Staff, 'operator' | 'security'>,
): Promise<void> {
  const { page } = operator;
  const [id, displayedName] = [`ehr-${language}`, `<i>EHR</i> ${language}`];
  await speak(page, language);
  await page.goto('/relying-parties');
  await press(page, language, 'relying-parties.register');
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', {
    name: word(language, 'relying-parties.register'),
    exact: true,
  });
  const named = dialog.getByLabel(word(language, 'relying-parties.name'), { exact: false });
  await named.fill(displayedName);
  t.ok(await button.isDisabled(), 'nothing is sent before it is whole');
  const idField = dialog.getByLabel('client_id', { exact: false });
  await idField.fill('1x');
  await sees(dialog, language, 'relying-parties.id-wrong');
  t.ok(await button.isDisabled());
  await idField.fill(id);
  const callbacks = dialog.getByLabel(word(language, 'relying-parties.callbacks'), { exact: false });
  await callbacks.fill('http://ehr.example/callback');
  await button.click();
  await sees(dialog, language, 'problem.callback-url-malformed');
  await callbacks.fill('https://ehr.example/callback\nhttps://ehr.example/other');
  await button.click();
  await page.getByRole('heading', { level: 1, name: displayedName }).waitFor();
  await sees(page, language, 'relying-party.no-key-text');
  t.match(await party(), {
    displayedName,
    patientView: 'masked',
    mayHandInDigests: false,
    callbackUrls: ['https://ehr.example/callback', 'https://ehr.example/other'],
    credentials: [],
  });

  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));
  const secret = privateKey.export({ format: 'jwk' });
  const pasted = dialog.getByRole('textbox');
  const add = dialog.getByRole('button', { name: word(language, 'relying-party.add'), exact: true });
  await press(page, language, 'relying-party.add');
  for (const [text, key] of [
    [JSON.stringify(secret), 'relying-party.key-secret'],
    [privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'relying-party.key-secret'],
    ['neither', 'relying-party.key-unreadable'],
  ] as const) {
    await pasted.fill(text);
    await sees(dialog, language, key);
    t.ok(await add.isDisabled());
  }
  await pasted.fill(JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }));
  await add.click();
  await dialog.waitFor({ state: 'hidden' });
  t.notOk(sent.join().includes(secret.d!), 'what is secret does not leave the page');
  await sees(page, language, 'relying-party.kind-jwk');
  const [{ keyId }] = (await party())!.credentials;
  await page.getByText(keyId).waitFor();

  await press(page, language, 'relying-party.change');
  await named.fill(`${displayedName} 2`);
  await confirm(page, language, 'relying-party.save');
  await page.getByRole('heading', { level: 1, name: `${displayedName} 2` }).waitFor();

  await press(page, language, 'relying-party.disable');
  await confirm(page, language, 'relying-party.disable');
  await sees(page, language, 'relying-parties.disabled');
  t.ok((await party())!.disabledAt);
  await press(page, language, 'relying-party.enable');
  await confirm(page, language, 'relying-party.enable');
  await page.getByRole('button', { name: word(language, 'relying-party.disable'), exact: true }).waitFor();
  t.notOk((await party())!.disabledAt);

  await speak(security.page, language);
  await security.page.goto(`/relying-parties/${id}`);
  await security.page.getByText(keyId).waitFor();
  for (const key of ['change', 'disable', 'add', 'remove'] as const)
    t.equal(
      await security.page
        .getByRole('button', { name: word(language, `relying-party.${key}`), exact: true })
        .count(),
      0,
      'security officers see it, and change nothing',
    );

  await press(page, language, 'relying-party.remove');
  await confirm(page, language, 'relying-party.remove');
  await sees(page, language, 'relying-party.no-key-text');
  t.same((await party())!.credentials, []);

  async function party() {
    const answer = await security.page.request.get('/api/v1/relying-parties');
    const { items } = (await answer.json()) as { items: RelyingParty[] };
    return items.find((one) => one.id === id);
  }
}
