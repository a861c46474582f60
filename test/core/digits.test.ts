import fc from 'fast-check';
import t from 'tap';

import { isAsciiDigits, toAsciiDigits, toPersianDigits } from '../../core/digits.ts';

t.test('folds Persian and Arabic-Indic digits to ASCII and leaves the rest', async (t) => {
  t.equal(toAsciiDigits('۰۱۲۳۴۵۶۷۸۹'), '0123456789');
  t.equal(toAsciiDigits('٠١٢٣٤٥٦٧٨٩'), '0123456789');
  t.equal(toAsciiDigits('کد ۹۹۹-٤5'), 'کد 999-45');
  t.equal(
    toAsciiDigits('\u06ef\u06fa\u065f\u066a'),
    '\u06ef\u06fa\u065f\u066a',
    'the neighbours of both ranges stay',
  );
  t.equal(toAsciiDigits(''), '');
});

t.test('shows digits of any script in Persian', async (t) => {
  t.equal(toPersianDigits('1405/09/02 ٤'), '۱۴۰۵/۰۹/۰۲ ۴');
});

t.test('folding to ASCII undoes the Persian form of any number', async () => {
  fc.assert(fc.property(fc.nat(), (n) => toAsciiDigits(toPersianDigits(String(n))) === String(n)));
});

t.test('knows a text of ASCII digits only', async (t) => {
  t.ok(isAsciiDigits('0123456789'));
  for (const text of ['', '/', ':', '12 ', '-1', '1e3', '۱۲'])
    t.notOk(isAsciiDigits(text), JSON.stringify(text));
});
