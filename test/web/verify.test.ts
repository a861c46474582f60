import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';
import t from 'tap';

import { signCades } from '../../signing/cades/sign-cades.ts';
import { signPades } from '../../signing/pades/sign-pades.ts';
import type { Language } from '../../web/i18n/language.ts';
import { LANGUAGES } from '../../web/i18n/language.ts';
import { adviceOn } from '../../web/verify/advice.ts';
import { readAddress } from '../../web/verify/read-address.ts';
import { focusIsOn, persianDigits, press, sees, tabTo, word } from '../support/console-acts.ts';
import { openDesk, startBrowser } from '../support/console-browser.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { pdfOf } from '../support/pdf-samples.ts';
import { fhirDocument, writtenBy } from '../support/prescriptions.ts';
import { readQrCode } from '../support/read-qr-code.ts';
import { onOneService } from '../support/test-service.ts';
import { check, fits, resize } from './accessibility.cases.ts';

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };
const PDF_TYPE = 'application/pdf';

/** Whether the first sign of the masked number stands left of its last. */
const IS_LEFT_TO_RIGHT = `(() => {
  const { firstChild: text } = [...document.querySelectorAll('dd bdi')].find((one) => one.innerText.includes('***'));
  const leftOf = (at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  };
  const digits = [...text.data].flatMap((sign, at) => (/[0-9۰-۹]/.test(sign) ? [at] : []));
  return leftOf(digits[0]) < leftOf(digits.at(-1));
})()`;

await onOneService(t, async (t, service) => {
  const { app, clock, house } = service;
  const [doctor, revoked, held] = [
    await issueDoctor(service),
    await issueDoctor(service),
    await issueDoctor(service),
  ];
  const documentOf = ({ body }: IssuedDoctor) =>
    Buffer.from(fhirDocument(writtenBy(body.applicant.councilNumber, clock.now())).content, 'base64');
  const sign = ({ signer, certificate }: IssuedDoctor, content: Buffer, more: object = {}) =>
    signCades({ content, signer, certificate, signingTime: clock.now(), ...more });
  const change = async ({ certificate }: IssuedDoctor, event: 'held' | 'released' | 'revoked') =>
    house.services.statusChanger.changeStatus(
      {
        authorityId: 'bronze',
        serialNumber: certificate.serialNumber,
        event,
        ...(event === 'revoked' && { reason: 'keyCompromise' as const }),
        requestedBy: 'test',
      },
      { kind: 'operator', id: 'test' },
    );

  const prescription = documentOf(doctor);
  const good = await sign(doctor, prescription);
  const detached = await sign(doctor, prescription, { detached: true });
  const tampered = Buffer.from(
    good.toString('latin1').replace('MedicationRequest', 'MedicationRequesT'),
    'latin1',
  );
  t.notOk(tampered.equals(good), 'something was changed');
  const revokedOnes = await sign(revoked, documentOf(revoked));
  await change(held, 'held');
  clock.advanceSeconds(2);
  const duringHold = await sign(held, documentOf(held));
  clock.advanceSeconds(2);
  await change(held, 'released');
  await change(revoked, 'revoked');
  const signPdf = (document: Buffer, { signer, certificate }: IssuedDoctor) =>
    signPades({ document, signer, certificate, signingTime: clock.now() });
  const pdf = await signPdf(await signPdf(pdfOf(), doctor), held);
  clock.advanceSeconds(2);

  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://localhost:${(app.server.address() as AddressInfo).port}`;
  const browser = await startBrowser();
  t.teardown(() => browser.close());
  const faults: string[][] = [];
  const open = async (options: Parameters<typeof openDesk>[2] = {}, path = '/verify') => {
    const desk = await openDesk(browser, origin, { viewport: PHONE, ...options });
    faults.push(desk.faults);
    await desk.page.goto(path);
    return desk;
  };
  const file = (name: string, buffer: Buffer, mimeType = 'application/octet-stream') => ({
    name,
    buffer,
    mimeType,
  });
  const handIn = (page: Page, ...files: ReturnType<typeof file>[]) =>
    page.locator('input[type=file]').setInputFiles(files);
  const another = (page: Page, language: Language) => press(page, language, 'verify.another');
  const judged = (page: Page, language: Language, indication: Indication) =>
    page
      .locator(`[data-indication="${indication}"]`)
      .getByRole('heading', { name: word(language, `verify.word-${indication}`), exact: true })
      .waitFor();
  const rowCounts = () => countRows((text) => house.stores.database.query({ text }));
  // The service's own seal and time-stamping key are certified when the first report is asked for.
  const payload = { signature: good.toString('base64') };
  await app.inject({ method: 'POST', url: '/api/v1/validation-reports', payload });
  const before = await rowCounts();

  for (const language of LANGUAGES)
    await t.test(`says who signed, as what, when, whether it holds and why (${language})`, async (t) => {
      const { page } = await open({ language });
      const started = performance.now();
      await handIn(page, file('prescription.p7m', good));
      await judged(page, language, 'TOTAL-PASSED');
      t.comment(`verdict in ${Math.round(performance.now() - started)} ms`);
      const { applicant } = doctor.body;
      const text = await page.locator('main').innerText();
      const written = (number: string) => (language === 'fa' ? persianDigits(number) : number);
      t.match(text, applicant.surname);
      t.match(text, word(language, 'group.physician'));
      t.match(text, written(applicant.councilNumber.digits));
      t.notMatch(text, new RegExp(`${applicant.nationalId}|${persianDigits(applicant.nationalId)}`));
      t.match(text, new RegExp(`${written(applicant.nationalId.slice(0, 3))}\\*+`), 'masked');
      t.match(text, /[۰-۹]{4}، [۰-۹]{2}:[۰-۹]{2}/, 'Jalali');
      t.match(text, /20\d\d, \d\d:\d\d/, 'Gregorian');
      t.ok(await page.evaluate(IS_LEFT_TO_RIGHT), 'the masked number begins at the left');
      for (const key of [
        'verify.why-unchanged',
        'verify.why-trusted',
        'verify.why-valid',
        'verify.why-rules',
      ] as const)
        t.match(text, word(language, key));
      t.notMatch(text, word(language, 'verify.advice'), 'nothing is to be done');
      const direction = await page.evaluate('document.documentElement.dir');
      t.equal(direction, language === 'fa' ? 'rtl' : 'ltr');
      await focusIsOn(page, 'H2');
      t.pass('who listens hears the verdict');
      const other = language === 'fa' ? 'en' : 'fa';
      await page.getByText(word(language, 'app.language')).click();
      await judged(page, other, 'TOTAL-PASSED');
      await page.locator('summary').click();
      await page.getByText(doctor.certificate.serialNumber.toString('hex')).waitFor();
    });

  await t.test('the language is the browser’s until one is chosen', async (t) => {
    for (const [locale, language] of [
      ['en-US', 'en'],
      ['fa-IR', 'fa'],
      ['de-DE', 'fa'],
    ] as const) {
      const context = await browser.newContext({ baseURL: origin, locale });
      const page = await context.newPage();
      await page.goto('/verify');
      await page.getByRole('heading', { level: 1, name: word(language, 'verify.title') }).waitFor();
      t.equal(await page.evaluate('document.documentElement.lang'), language, locale);
      await context.close();
    }
  });

  await t.test('says what does not hold, and what to do', async (t) => {
    const { page } = await open();
    for (const [name, octets, indication, advice, why] of [
      ['tampered.p7m', tampered, 'TOTAL-FAILED', 'changed', 'content-digest-differs'],
      ['revoked.p7m', revokedOnes, 'INDETERMINATE', 'blocked', 'certificate-revoked-no-proof'],
      ['hold.p7m', duringHold, 'INDETERMINATE', 'blocked', 'signed-during-hold'],
    ] as const) {
      await handIn(page, file(name, octets));
      await judged(page, 'fa', indication);
      await sees(page, 'fa', `verify.advice-${advice}`);
      await page.locator('summary').click();
      await page.locator('details').getByText(why).waitFor();
      t.pass(name);
      await another(page, 'fa');
    }
  });

  await t.test('a PDF with two signatures has both judged', async (t) => {
    const { page } = await open({ language: 'en' });
    await handIn(page, file('letter.pdf', pdf, PDF_TYPE));
    await judged(page, 'en', 'TOTAL-PASSED');
    await sees(page, 'en', 'verify.count', { count: '2' });
    for (const number of ['1', '2'])
      await page.getByRole('heading', { name: word('en', 'verify.signature-number', { number }) }).waitFor();
    const names = await page.locator('section p bdi').allInnerTexts();
    t.strictSame(names.length, 2);
    await another(page, 'en');
    await handIn(page, file('plain.pdf', pdfOf(), PDF_TYPE));
    await page.getByRole('heading', { name: word('en', 'verify.word-none') }).waitFor();
  });

  await t.test('a signature of its own asks for its document, or comes with it', async (t) => {
    const { page } = await open();
    const signature = file('prescription.json.p7s', detached);
    const document = file('prescription.json', prescription);
    await handIn(page, signature);
    await judged(page, 'fa', 'INDETERMINATE');
    await sees(page, 'fa', 'verify.advice-document');
    await handIn(page, document);
    await judged(page, 'fa', 'TOTAL-PASSED');
    await another(page, 'fa');
    await handIn(page, document, signature);
    await judged(page, 'fa', 'TOTAL-PASSED');
    t.pass('in either order');
  });

  await t.test('a file is dropped on the page, or chosen by keyboard', async (t) => {
    const { page } = await open();
    const transfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      const octets = Uint8Array.from(atob('${good.toString('base64')}'), (sign) => sign.charCodeAt(0));
      transfer.items.add(new File([octets], 'dropped.p7m'));
      return transfer;
    })()`);
    await page.locator('[data-over]').dispatchEvent('drop', { dataTransfer: transfer });
    await judged(page, 'fa', 'TOTAL-PASSED');
    await another(page, 'fa');
    const button = page.getByRole('button', { name: word('fa', 'verify.choose'), exact: true });
    await button.and(page.locator(':focus')).waitFor();
    t.pass('the next file is chosen where the last one was');
    await page.reload();
    // Asked for before the keys are pressed: the browser must have heard that it is not to open a window of its own.
    const choosing = page.waitForEvent('filechooser');
    await tabTo(page, button);
    await page.keyboard.press('Enter');
    const chooser = await choosing;
    await chooser.setFiles([file('chosen.p7m', good)]);
    await judged(page, 'fa', 'TOTAL-PASSED');
    t.pass('no pointer was needed');
  });

  await t.test('says what is wrong with a file, and when there is no connection', async (t) => {
    const { page, context } = await open();
    for (const [key, ...files] of [
      ['verify.files-empty', file('empty.p7m', Buffer.alloc(0))],
      ['verify.files-too-large', file('large.p7m', Buffer.alloc(4_500_001))],
      ['verify.files-ambiguous', file('one.txt', good), file('two.txt', good)],
    ] as const) {
      await handIn(page, ...files);
      await sees(page, 'fa', key);
    }
    await handIn(page, file('picture.png', Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1')));
    await sees(page, 'fa', 'verify.files-not-signed');
    await another(page, 'fa');
    await context.setOffline(true);
    await handIn(page, file('prescription.p7m', good));
    await sees(page, 'fa', 'verify.offline');
    // The page knows at once that the line is gone; the request that fails for it comes later.
    const retry = page.getByRole('button', { name: word('fa', 'app.retry'), exact: true });
    await retry.waitFor();
    await context.setOffline(false);
    await retry.click();
    await judged(page, 'fa', 'TOTAL-PASSED');
    t.pass('and goes on when there is one');
  });

  await t.test('a print-out leads back to its file, and evidence is handed out', async (t) => {
    const { page } = await open({ language: 'en' });
    await handIn(page, file('prescription.p7m', good));
    await judged(page, 'en', 'TOTAL-PASSED');
    for (const [key, start] of [
      ['verify.take-print', '%PDF-'],
      ['verify.take-pack', 'PK\x03\x04'],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'en', key)]);
      t.equal(readFileSync(await download.path()).toString('latin1', 0, start.length), start, key);
    }
  });

  await t.test('nothing of all this was kept', async (t) => {
    t.strictSame(await rowCounts(), before);
  });

  await t.test('a link shows the verdict again, by QR code too, until somebody deletes it', async (t) => {
    const { page } = await open();
    await handIn(page, file('prescription.p7m', good));
    await judged(page, 'fa', 'TOTAL-PASSED');
    await press(page, 'fa', 'verify.keep-action');
    const code = page.getByRole('img', { name: word('fa', 'verify.qr') });
    await code.waitFor();
    const link = await page.locator('a[href*="#kept="]').innerText();
    const size = Number((await code.getAttribute('viewBox'))!.split(' ')[3]);
    t.equal(readQrCode((await code.locator('path').getAttribute('d'))!, size), link);
    t.equal((await rowCounts()).kept_verdict, 1);

    const path = new URL(link).pathname + new URL(link).hash;
    const { page: counter } = await open({ language: 'en' }, path);
    await judged(counter, 'en', 'TOTAL-PASSED');
    t.match(await counter.locator('main').innerText(), doctor.body.applicant.surname);
    await counter.getByRole('link', { name: word('en', 'verify.check-against') }).click();
    await sees(counter, 'en', 'verify.link-document');
    await handIn(counter, file('other.pdf', pdf, PDF_TYPE));
    await sees(counter, 'en', 'verify.other-document');
    await another(counter, 'en');
    await handIn(counter, file('prescription.p7m', good));
    await sees(counter, 'en', 'verify.same-document');

    await press(page, 'fa', 'verify.remove');
    await page.getByRole('button', { name: word('fa', 'verify.keep-action') }).waitFor();
    t.equal((await rowCounts()).kept_verdict, 0);
    const { page: late } = await open({}, path);
    await sees(late, 'fa', 'problem.kept-verdict-unknown');
    await late.goto('/verify#kept=half');
    await sees(late, 'fa', 'verify.link-malformed');
  });

  await t.test('every screen is accessible, on a phone and on a desk', async (t) => {
    await Promise.all(
      LANGUAGES.map(async (language) => {
        const { page } = await open({ language, bypassCSP: true });
        const look = async (name: string) => {
          for (const screen of [DESK, PHONE]) {
            await resize(page, screen);
            await fits(t, page, `${language} ${name}`, screen.width);
          }
          await check(t, page, `${language} ${name}`);
        };
        await look('nothing yet');
        await handIn(page, file('empty.p7m', Buffer.alloc(0)));
        await sees(page, language, 'verify.files-empty');
        await look('wrong file');
        await handIn(page, file('tampered.p7m', tampered));
        await judged(page, language, 'TOTAL-FAILED');
        await page.locator('summary').click();
        await look('not valid');
        await another(page, language);
        await handIn(
          page,
          file('a-name-that-is-as-long-as-names-of-files-of-prescription-systems-are.p7s', detached),
        );
        await judged(page, language, 'INDETERMINATE');
        await look('document missing');
        await another(page, language);
        await handIn(page, file('prescription.p7m', good));
        await judged(page, language, 'TOTAL-PASSED');
        await press(page, language, 'verify.keep-action');
        await page.getByRole('img', { name: word(language, 'verify.qr') }).waitFor();
        await look('valid, with link');
        const link = new URL(await page.locator('a[href*="#kept="]').innerText());
        await page.goto(`/verify${link.hash}`);
        await judged(page, language, 'TOTAL-PASSED');
        await look('kept');
      }),
    );
  });

  await t.test('no page breaks its policy, asks another origin for anything, or fails', async (t) => {
    t.strictSame(faults.flat(), []);
  });
});

type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE';

t.test('links are read with care', async (t) => {
  const [secret, sha256] = ['s'.repeat(43), 'AB'.repeat(32)];
  t.strictSame(readAddress(`#kept=${secret}`), { kind: 'kept', secret });
  t.strictSame(readAddress(`#sha256=${sha256}`), { kind: 'document', sha256: sha256.toLowerCase() });
  for (const fragment of [
    '',
    '#',
    '#kept=',
    `#kept=${secret}s`,
    `#sha256=${sha256}0`,
    '#constructor=x',
    '#x=y',
  ])
    t.equal(readAddress(fragment), undefined, fragment);
});

t.test('whatever does not hold has an advice', async (t) => {
  const on = (indication: Indication, ...codes: string[]) =>
    adviceOn({ indication, reasons: codes.map((code) => ({ code })) });
  t.equal(on('TOTAL-PASSED', 'revoked-after-proof'), undefined);
  t.equal(on('INDETERMINATE', 'status-unavailable'), 'later');
  t.equal(on('INDETERMINATE', 'chain-not-found', 'status-unavailable'), 'stranger');
  t.equal(on('TOTAL-FAILED', 'pdf-changed-after-signing'), 'changed');
  t.equal(on('TOTAL-FAILED', 'prescriber-differs'), 'prescription');
  t.equal(on('INDETERMINATE'), 'other');
});

/** Rows of every table; those that the service writes by itself are left out. */
async function countRows(query: (text: string) => Promise<unknown[]>): Promise<Record<string, number>> {
  const tables = (await query(
    "select tablename as name from pg_tables where schemaname = current_schema() and tablename !~ '^(audit_|crl|ocsp_|status_)'",
  )) as { name: string }[];
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [{ rows }] = (await query(`select count(*)::int as rows from "${name}"`)) as { rows: number }[];
    counts[name] = rows;
  }
  return counts;
}
