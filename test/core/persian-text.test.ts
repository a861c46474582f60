import fc from 'fast-check';
import t from 'tap';

import { findArabicLetters, foldPersian, isPersianName, searchKey } from '../../core/persian-text.ts';

/** Text out of the code points that the foldings care about, and their neighbours. */
const persianText = fc.string({
  unit: fc.constantFrom(
    ...'ابکگیهوآأإؤئۀةيىك',
    ...'\u0640\u064b\u0651\u0652\u0653\u0654\u0655\u0670',
    ...'\u200c\u200d\u200e\u202e\u00a0 -\t\n',
    ...'۰٤5aZé',
  ),
  maxLength: 24,
});
const anyText = fc.oneof(persianText, fc.string({ unit: 'binary' }));

t.test('folds Arabic letters, tatweel, harakat and blanks, and keeps what Persian needs', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['علي', 'علی', 'Arabic yeh'],
    ['مصطفى', 'مصطفی', 'alef maksura'],
    ['كريمي', 'کریمی', 'Arabic kaf'],
    ['محمـــد', 'محمد', 'tatweel'],
    ['مُحَمَّدٌ', 'محمد', 'harakat'],
    ['رحمٰن', 'رحمن', 'superscript alef'],
    ['  علی \t\n رضا\u00a0', 'علی رضا', 'blanks of every kind'],
    ['علی\u200cاکبر', 'علی\u200cاکبر', 'a ZWNJ between letters stays'],
    ['\u200cعلی \u200c رضا\u200c\u200cپور\u200c', 'علی رضا\u200cپور', 'a ZWNJ that separates nothing goes'],
    ['ا\u0653مال', 'آمال', 'NFC composes the madda'],
    ['ا\u0640\u0653مال', 'آمال', 'also across a tatweel'],
    ['مؤمنی رئوف', 'مؤمنی رئوف', 'hamza carriers stay'],
    ['\u064a\u0654', 'ئ', 'a decomposed yeh with hamza'],
    ['', '', 'nothing'],
  ];
  for (const [text, expected, name] of cases) t.equal(foldPersian(text), expected, name);
});

t.test('folding is idempotent, normalised, trimmed and without Arabic letters for any text', async () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const folded = foldPersian(text);
      return (
        foldPersian(folded) === folded &&
        folded.normalize('NFC') === folded &&
        folded.trim() === folded &&
        findArabicLetters(folded).length === 0
      );
    }),
    { numRuns: 300 },
  );
});

t.test('gives spellings of one name the same search key', async (t) => {
  const spellings: readonly (readonly string[])[] = [
    ['علی\u200cاکبر', 'عليأكبر', 'عَلی\u200dاکبر', 'علی\u200e\u200cاکبر'],
    ['فاطمه', 'فاطمة', 'فاطمۀ', 'فاطمه\u0654', 'فاطـمه', '\u200fفاطمه'],
    ['رئوف مومنی', 'رئوف مؤمنی', 'ريوف  مومني', 'رئوف-مؤمنی', 'رئوف \u2013 مومنی'],
    ['آذر', 'اذر', 'أذر', 'إذر', 'ٱذر', 'ا\u0653ذر'],
    ['Sara Rezaei 12', 'sara rezaei ۱۲', 'SARA-REZAEI ١٢'],
    ['علی', 'ﻋﻠﯽ'],
  ];
  for (const [first, ...others] of spellings) {
    for (const other of others)
      t.equal(searchKey(other), searchKey(first), `${first} = ${JSON.stringify(other)}`);
  }
  t.equal(searchKey('علی\u200cاکبر'), 'علیاکبر');
  t.equal(searchKey(' - '), '');
  t.not(searchKey('علی اکبر'), searchKey('علی\u200cاکبر'), 'a space still separates');
});

t.test('a search key is its own key, and that of the folded name, for any text', async () => {
  fc.assert(
    fc.property(anyText, (text) => searchKey(searchKey(text)) === searchKey(text)),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(persianText, (text) => searchKey(foldPersian(text)) === searchKey(text)),
    { numRuns: 300 },
  );
});

t.test('names each Arabic letter once, in order of appearance', async (t) => {
  t.same(findArabicLetters('كريمي يحيى'), [0x643, 0x64a, 0x649]);
  t.same(findArabicLetters('کریمی یحیی'), []);
});

t.test('accepts Persian names in folded form', async (t) => {
  const names = [
    'علی',
    'سیده\u200cزهرا',
    'رضایی-مقدم',
    'رضایی - مقدم',
    'آیة الله\u200cزاده',
    'ء',
    'ا'.repeat(64),
  ];
  for (const name of names) t.ok(isPersianName(name), name);
});

t.test('refuses what is no Persian name', async (t) => {
  const bad: Readonly<Record<string, string>> = {
    empty: '',
    'too long': 'ا'.repeat(65),
    'Arabic yeh': 'علي',
    'Arabic kaf': 'كریم',
    Latin: 'Ali',
    'mixed script': 'علی a',
    'Persian digit': 'علی۲',
    'leading space': ' علی',
    'trailing ZWNJ': 'علی\u200c',
    'two spaces': 'علی  رضا',
    'only a hyphen': '-',
    harakat: 'مُحمد',
    tatweel: 'محمـد',
    'right-to-left override': 'علی\u202eرضا',
    'left-to-right mark': 'علی\u200e',
    'zero-width joiner': 'علی\u200dرضا',
    newline: 'علی\nرضا',
    NUL: 'علی\u0000',
    'not composed': 'ا\u0653ذر',
    punctuation: 'علی، رضا',
    'Urdu letter': 'ٹ',
  };
  for (const [name, text] of Object.entries(bad)) t.notOk(isPersianName(text), name);
});

t.test('stays linear on hostile text', async (t) => {
  const length = 100_000;
  t.equal(foldPersian(' \u200c'.repeat(length)), '');
  t.equal(searchKey('- '.repeat(length)), '');
  t.equal(foldPersian(`ا${' '.repeat(length)}ا`), 'ا ا');
  t.notOk(isPersianName(`ا${' '.repeat(length)}`));
});

t.test('a text that needs no folding is the one that all of it would have made', async () => {
  const plain = fc.string({ unit: fc.constantFrom(...'ءآأؤإئابچژکگی', ...'AZaz09-. '), maxLength: 24 });
  fc.assert(
    fc.property(fc.oneof(plain, persianText), (text) => {
      // A tatweel is removed, and whatever has one goes through every step.
      t.equal(foldPersian(text), foldPersian(`\u0640${text}`));
    }),
  );
});
