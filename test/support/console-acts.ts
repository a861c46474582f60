import type { Locator, Page } from 'playwright-core';

import { CATALOGUES } from '../../web/i18n/catalogue.ts';
import type { TextKey } from '../../web/i18n/catalogue.ts';
import type { Language } from '../../web/i18n/language.ts';
import type { applicationBody } from './applications.ts';
import { until } from './page-until.ts';

export type Filing = Awaited<ReturnType<typeof applicationBody>>;

/** More stops than any page has. */
const TABS_MAX = 60;

/** A text of the console as it stands on the screen. */
export function word(language: Language, key: TextKey, values: Record<string, string> = {}): string {
  return CATALOGUES[language][key].replace(/\{(\w+)\}/g, (_, name: string) => values[name]);
}

/** Chooses the language for the pages that are opened from now on. */
export async function speak(page: Page, language: Language): Promise<void> {
  await page.evaluate(`localStorage.setItem('mohr.language', '${language}')`);
}

/** Signs in with a one-time link and registers a passkey, as the console asks to. */
export async function signInByLink(page: Page, language: Language, secret: string): Promise<void> {
  await page.goto(`/sign-in#${secret}`);
  await page.getByRole('button', { name: word(language, 'sign-in.with-link') }).click();
  await page.getByRole('button', { name: word(language, 'passkeys.add'), exact: true }).click();
  await page.getByText(word(language, 'passkeys.added')).waitFor();
}

/** What a clerk types into the form; numbers as they come from a Persian keyboard. */
export async function typeApplication(
  page: Page,
  { applicant, certificationRequest }: Filing,
): Promise<void> {
  await typeApplicant(page, applicant);
  await field(page, 'certificationRequest').fill(certificationRequest);
}

export async function typeApplicant(page: Page, applicant: Filing['applicant']): Promise<void> {
  await field(page, 'nationalId').fill(persianDigits(applicant.nationalId));
  await field(page, 'councilDigits').fill(persianDigits(applicant.councilNumber.digits));
  await field(page, 'givenName').fill(applicant.givenName);
  // As Arabic keyboards write them.
  await field(page, 'surname').fill(applicant.surname.replaceAll('ی', 'ي').replaceAll('ک', 'ك'));
  await field(page, 'latinName').fill(applicant.latinName);
}

export function field(page: Page, name: string) {
  return page.locator(`[name="${name}"]`);
}

/** Waits until a field has a value; a form may stand there before what was kept of it. */
export async function holds(page: Page, name: string, value: string): Promise<void> {
  await until(page, `document.querySelector('[name="${name}"]')?.value === ${JSON.stringify(value)}`);
}

/** Waits until an element with this name has the focus, which it gets after it is there. */
export async function focusIsOn(page: Page, tagName: string): Promise<void> {
  await until(page, `document.activeElement.tagName === '${tagName}'`);
}

/** Goes to a place on the page by the keyboard alone. */
export async function tabTo(page: Page, place: Locator): Promise<void> {
  await place.waitFor();
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    if ((await place.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the keyboard does not get there');
}

/** Presses a button that the language's catalogue names, in the dialog if one is open. */
export async function press(place: Page | Locator, language: Language, key: TextKey): Promise<void> {
  await place
    .getByRole('button', { name: word(language, key), exact: true })
    .first()
    .click();
}

/** Confirms in the dialog that is open, and waits until it is gone. */
export async function confirm(page: Page, language: Language, key: TextKey): Promise<void> {
  const dialog = page.getByRole('dialog');
  await press(dialog, language, key);
  await dialog.waitFor({ state: 'hidden' });
}

/** Waits until a text of the catalogue stands on the page. */
export async function sees(
  place: Page | Locator,
  language: Language,
  key: TextKey,
  values?: Record<string, string>,
): Promise<void> {
  await place
    .getByText(word(language, key, values))
    .filter({ visible: true })
    .first()
    .waitFor();
}

/** Waits until a page has its title and nothing on it is under way. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page
    .locator('.mantine-Skeleton-root, .mantine-Loader-root, [aria-busy="true"]')
    .first()
    .waitFor({ state: 'detached' });
}

/** Files an application, or saves a draft, by the API, as whoever is signed in on the page; resolves with the path of its page. */
export async function fileQuietly(page: Page, filing: object): Promise<string> {
  const filed = await page.request.post('/api/v1/applications', { data: filing });
  return `/applications/${((await filed.json()) as { id: string }).id}`;
}

/** Files what was typed; resolves with the path of the application's page. */
export async function submitApplication(page: Page, language: Language): Promise<string> {
  await page.getByRole('button', { name: word(language, 'file.submit') }).click();
  await page.getByText(word(language, 'file.filed-title')).waitFor();
  return new URL(page.url()).pathname;
}

/** Reads what will be issued, says so, and confirms with the passkey. */
export async function approve(page: Page, language: Language): Promise<void> {
  await page.getByRole('checkbox', { name: word(language, 'application.read') }).check();
  await page.getByRole('button', { name: word(language, 'application.approve') }).click();
  await page.getByRole('link', { name: word(language, 'application.open-certificate') }).waitFor();
}

export function persianDigits(text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));
}
