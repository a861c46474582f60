import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';

import { migrate } from '../db/migrate.ts';
import { openPool } from '../db/open-embedded.ts';
import { signCades } from '../signing/cades/sign-cades.ts';
import { LANGUAGES } from '../web/i18n/language.ts';
import type { Language } from '../web/i18n/language.ts';
import { press, sees, word } from './support/console-acts.ts';
import { openDesk, startBrowser } from './support/console-browser.ts';
import { issueDoctor } from './support/issue-doctor.ts';
import { MIGRATIONS, embeddedAt } from './support/prepared-starts.ts';
import { fhirDocument, writtenBy } from './support/prescriptions.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { openTestService } from './support/test-service.ts';

// The last part of `npm run pictures`: a pharmacy checks prescriptions, for docs/VERIFY.md.

const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const SCREEN = { width: 480, height: 860 };

interface Files {
  good: Buffer;
  tampered: Buffer;
}

const undoings: (() => unknown)[] = [];
const t = { teardown: (undo: () => unknown) => void undoings.push(undo) } as Pick<Test, 'teardown'>;
try {
  mkdirSync(FOLDER, { recursive: true });
  const opened = await openPool(await embeddedAt('first-start'), async () => undefined);
  undoings.push(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const service = await openTestService({ opened, dataDirectory: temporaryFolder(t) });
  undoings.push(() => service.close());
  const { app, clock } = service;
  const { signer, certificate, body } = await issueDoctor(service);
  const { content } = fhirDocument(writtenBy(body.applicant.councilNumber, clock.now()));
  const signing = { signer, certificate, signingTime: clock.now() };
  const good = await signCades({ content: Buffer.from(content, 'base64'), ...signing });
  const tampered = Buffer.from(good);
  tampered[tampered.indexOf('MedicationRequest')] ^= 0x20;
  clock.advanceSeconds(2);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://localhost:${(app.server.address() as AddressInfo).port}`;
  const browser = await startBrowser();
  undoings.push(() => browser.close());
  for (const language of LANGUAGES) await takePictures(browser, origin, language, { good, tampered });
} finally {
  for (const undo of undoings.reverse()) await undo();
}

async function takePictures(
  browser: Browser,
  origin: string,
  language: Language,
  { good, tampered }: Files,
): Promise<void> {
  const { page } = await openDesk(browser, origin, { language, viewport: SCREEN });
  const keepAs = (name: string) => keep(page, language === 'fa' ? name : `${name}-english`);
  const handIn = (buffer: Buffer) =>
    page
      .locator('input[type=file]')
      .setInputFiles([{ name: 'prescription.p7m', buffer, mimeType: 'application/pkcs7-mime' }]);
  await page.goto('/verify');
  await sees(page, language, 'verify.drop');
  await keepAs('verify');
  await handIn(good);
  await sees(page, language, 'verify.why-unchanged');
  await keepAs('verify-valid');
  await press(page, language, 'verify.keep-action');
  await page.getByRole('img', { name: word(language, 'verify.qr') }).scrollIntoViewIfNeeded();
  await keepAs('verify-link');
  await press(page, language, 'verify.another');
  await handIn(tampered);
  await sees(page, language, 'verify.advice-changed');
  await keepAs('verify-invalid');
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
