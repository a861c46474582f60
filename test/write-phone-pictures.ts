import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Test } from 'tap';

import { migrate } from '../db/migrate.ts';
import { openPool } from '../db/open-embedded.ts';
import type { Language } from '../web/i18n/language.ts';
import { MIGRATIONS, embeddedAt } from './support/prepared-starts.ts';
import { press, sees } from './support/console-acts.ts';
import { PhonePlace, ends, touchCode, typeActivation, typePin } from './support/phone-place.ts';
import type { BrowserPhone } from './support/phone-browser.ts';
import { fhirDocument, writtenBy } from './support/prescriptions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { openTestService } from './support/test-service.ts';

// The second half of `npm run pictures`: a doctor makes a phone their stamp and signs, for docs/PHONE.md.

const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url));

type Page = BrowserPhone['page'];

const undoings: (() => unknown)[] = [];
const t = { teardown: (undo: () => unknown) => void undoings.push(undo) } as Pick<Test, 'teardown'>;
try {
  mkdirSync(FOLDER, { recursive: true });
  const opened = await openPool(await embeddedAt('first-start'), async () => undefined);
  undoings.push(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const service = await openTestService({ opened, dataDirectory: temporaryFolder(t) });
  undoings.push(() => service.close());
  const place = await PhonePlace.open(t, service);
  for (const language of ['fa', 'en'] as const) await takePictures(place, language);
} finally {
  for (const undo of undoings.reverse()) await undo();
}

async function takePictures(place: PhonePlace, language: Language): Promise<void> {
  const activation = await place.activation();
  const { page } = await place.phone({ language });
  const keepAs = (name: string) => keep(page, language === 'fa' ? `phone-${name}` : `phone-${name}-english`);
  await page.goto('/phone');
  await sees(page, language, 'phone.welcome');
  await keepAs('welcome');
  await page.goto(activation.path);
  await typeActivation(page, language, activation.code);
  await keepAs('enrolment');
  await press(page, language, 'phone.enrol-action');
  await sees(page, language, 'phone.watching');
  await sees(page, language, 'phone.standing-good');
  await keepAs('home');
  const written = writtenBy(activation.applicant.councilNumber, place.service.clock.now());
  const code = await place.ask(activation, { documents: [fhirDocument(written)] });
  await sees(page, language, 'phone.code-title');
  await keepAs('request');
  await page.getByRole('button').last().scrollIntoViewIfNeeded();
  await keepAs('codes');
  await touchCode(page, language, code);
  await sees(page, language, 'phone.sign-title');
  await page.getByRole('button').last().scrollIntoViewIfNeeded();
  await keepAs('pin');
  await typePin(page, language);
  await ends(page, language, 'SIGNED');
  await keepAs('signed');
}

async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.screenshot({
    path: join(FOLDER, `${name}.png`),
    animations: 'disabled',
    caret: 'hide',
    scale: 'css',
  });
}
