import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

import t from 'tap';

import { CONSOLE_PATHS } from '../../api/console/console-paths.ts';
import { findArabicLetters } from '../../core/persian-text.ts';
import { CATALOGUES } from '../../web/i18n/catalogue.ts';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));

t.test('every text exists in both languages, with the same places for values', (t) => {
  const { fa, en } = CATALOGUES;
  t.strictSame(Object.keys(fa).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    t.ok(fa[key].trim() && en[key].trim(), key);
    t.strictSame(placesIn(fa[key]), placesIn(en[key]), key);
  }
  t.end();
});

t.test('Persian texts are written with Persian letters and digits', (t) => {
  for (const [key, text] of Object.entries(CATALOGUES.fa)) {
    t.strictSame(findArabicLetters(text), [], key);
    t.notMatch(text.replace(/\{\w+\}|SHA-256|PKCS#10|RFC 8785|P-256|P-384|Ed25519/g, ''), /[0-9٠-٩]/, key);
  }
  t.end();
});

/** What people say for it as well; one thing has one word, here and in the guide. */
const OTHER_WORDS: readonly [used: string, others: RegExp][] = [
  ['همکار', /کارکنان|کاربر/],
  ['کارشناس ثبت‌نام', /متصدی|اپراتور/],
  ['کارت هوشمند نظام پزشکی', /کارت عضویت|کارت نظام/],
  ['کلید عبور', /گذرکلید|پسکی/],
  ['کلید همراه', /کلید موبایل|کلید تلفن/],
  ['رمز کارت', /پین/],
  ['باطل‌شده', /ابطال‌شده|ابطال شده/],
  ['تعلیق‌شده', /معلق/],
  ['فهرست', /لیست/],
  ['کد فعال‌سازی', /فعالسازی|فعال سازی/],
  ['رایانه', /کامپیوتر|سیستم/],
  ['رایانامه', /ایمیل/],
];

t.test('one thing has one word', (t) => {
  const guide = readFileSync(new URL('../../docs/fa/clerk-guide.md', import.meta.url), 'utf8');
  const texts = [...Object.entries(CATALOGUES.fa), ['clerk-guide.md', guide]];
  for (const [key, text] of texts)
    for (const [used, others] of OTHER_WORDS) t.notMatch(text, others, `${key}: it is called ${used}`);
  t.end();
});

t.test('no text is left over', (t) => {
  const sources = sourcesOf(WEB).join('\n');
  // Keys that are put together, e.g. `state.${state}`.
  const families = Array.from(sources.matchAll(/`([a-z-]+(?:\.[a-z-]+)*[.-])\$\{/g), ([, start]) => start);
  const unused = Object.keys(CATALOGUES.en).filter(
    (key) => !sources.includes(`'${key}'`) && !families.some((start) => key.startsWith(start)),
  );
  t.strictSame(unused, []);
  t.end();
});

t.test('the service sends the console for each of its pages', (t) => {
  const pages = readFileSync(join(WEB, 'app', 'pages.ts'), 'utf8');
  const paths = Array.from(pages.matchAll(/path: '([^']+)'/g), ([, path]) => path);
  t.strictSame(paths.sort(), [...CONSOLE_PATHS].sort());
  t.end();
});

function placesIn(text: string): string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (['node_modules', 'dist', 'i18n'].includes(entry.name)) return [];
    if (entry.isDirectory()) return sourcesOf(path);
    return /\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}
