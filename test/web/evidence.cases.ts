import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import type { Test } from 'tap';

import { applicationBody } from '../support/applications.ts';
import { fileQuietly, press, sees, speak, word } from '../support/console-acts.ts';
import type { Desk } from '../support/console-browser.ts';
import type { Language } from '../../web/i18n/language.ts';

const MEGABYTE = 1024 * 1024;
const PDF = '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n';

/** As it is: nothing is slowed down. */
const LINE = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
const SLOW_OCTETS_PER_SECOND = MEGABYTE / 2;

/** What the bar of the next upload shows, from its coming until its going, each once. */
function percentsOf(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`new Promise((resolve) => {
    const seen = [];
    const look = () => {
      const bar = document.querySelector('[role=progressbar]');
      if (!bar && seen.length > 0) return resolve(seen);
      const value = bar && Number(bar.getAttribute('aria-valuenow'));
      if (bar && seen.at(-1) !== value) seen.push(value);
      requestAnimationFrame(look);
    };
    look();
  })`);
}

/** Papers are added on the page; what is none, or too much, is refused with what to do. */
export async function addsEvidence(t: Test, language: Language, { page, context }: Desk): Promise<void> {
  await speak(page, language);
  await page.goto(await fileQuietly(page, await applicationBody()));
  await sees(page, language, 'application.evidence-none');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/evidence')) sent.push(request.url());
  });
  const folder = t.testdir();
  let chosen = '';
  page.on('filechooser', (chooser) => void chooser.setFiles(chosen));
  const add = async (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    chosen = join(folder, name);
    await press(page, language, 'application.evidence-add');
  };

  await add('letter.txt', 'no scan');
  await sees(page, language, 'application.evidence-type', { name: '\u2068letter.txt\u2069' });
  await add('scan.pdf', Buffer.alloc(20 * MEGABYTE, '%PDF-1.4'));
  await sees(page, language, 'application.evidence-too-large', { name: '\u2068scan.pdf\u2069' });
  t.strictSame(sent, [], 'neither was sent');

  await add('renamed.png', 'MZ this is a program');
  await sees(page, language, 'problem.evidence-type');
  t.equal(sent.length, 1, 'what it is inside, the service looks at');

  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    ...LINE,
    uploadThroughput: SLOW_OCTETS_PER_SECOND,
  });
  const watching = percentsOf(page);
  await add(
    'photo.pdf',
    Buffer.concat([Buffer.from(PDF), Buffer.alloc(MEGABYTE, '\n'), Buffer.from('%%EOF')]),
  );
  const parts = await watching;
  t.ok(parts.length > 1, 'it moves');
  t.strictSame(
    parts,
    [...new Set(parts)].sort((a, b) => a - b),
    'forwards',
  );
  await devtools.send('Network.emulateNetworkConditions', LINE);
  await sees(page, language, 'application.evidence-sent', {
    kind: word(language, 'evidence-kind.signed-form'),
  });

  await context.setOffline(true);
  await add('form.pdf', PDF);
  await sees(page, language, 'problem.connection');
  await context.setOffline(false);
  await press(page, language, 'app.retry');
  const kind = word(language, 'evidence-kind.signed-form');
  await sees(page, language, 'application.evidence-sent', { kind });
  await page.getByRole('listitem').filter({ hasText: kind }).first().waitFor();
  t.pass('the same file goes out again when the line is back');
}
